"""The queries of the feed and of a profile stay on their indexes, however long the feed is."""

from collections.abc import Sequence

import pytest
from sqlalchemy import insert, text

from quart_popovers.database import Database, Read
from quart_popovers.feed.queries import FEED
from quart_popovers.models import Post
from quart_popovers.profiles.queries import PROFILE
from quart_popovers.web.paging import SIDES, Side
from tests.visitor import MakeUser

# In SQLite a table is its own index by id: a scan that stops after eleven rows is a walk along it.
POSTS_BY_INDEX = (
    "SCAN posts",
    "SEARCH posts USING INTEGER PRIMARY KEY",
    "SEARCH posts USING INDEX ix_posts_user_id_id",
    "Index Scan using pk_posts on posts",
    "Index Scan Backward using pk_posts on posts",
    "Index Scan using ix_posts_user_id_id on posts",
    "Index Scan Backward using ix_posts_user_id_id on posts",
)


@pytest.fixture
async def long_feed(database: Database, make_user: MakeUser) -> Database:
    """Enough comments that a planner prefers an index, with statistics."""
    people = [await make_user(name) for name in ("ada", "bo", "chidi", "dora")]
    rows = [{"user_id": people[n % 4], "body": f"Comment {n}"} for n in range(3000)]
    async with database.writer.begin() as connection:
        await connection.execute(insert(Post), rows)
        await connection.execute(text("ANALYZE"))
    return database


@pytest.mark.parametrize("side", SIDES)
async def test_a_page_of_the_feed_is_read_from_the_index(long_feed: Database, side: Side) -> None:
    plan = await plan_of(FEED[side], long_feed, mark=1500, limit=11)

    assert_cheap(plan)


@pytest.mark.parametrize("side", SIDES)
async def test_a_page_of_a_profile_is_read_from_the_index(long_feed: Database, side: Side) -> None:
    plan = await plan_of(PROFILE[side], long_feed, username="ada", mark=1500, limit=11)

    assert_cheap(plan)


async def plan_of(read: Read, database: Database, **values: object) -> Sequence[str]:
    """How the database would run this query, a step a line."""
    engine = database.reader
    given = {name: values[name] for name in read.statement.compile().params if name in values}
    literal = {"literal_binds": True}
    query = str(read.statement.params(given).compile(engine, compile_kwargs=literal))
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN (COSTS OFF)"
    async with engine.connect() as connection:
        rows = await connection.execute(text(f"{explain} {query}"))
    return [str(row[-1]).strip(" ->") for row in rows]


def assert_cheap(plan: Sequence[str]) -> None:
    """Posts come from an index, in its order: nothing is sorted and no other way is gone."""
    assert not [step for step in plan if step.startswith(("USE TEMP B-TREE", "Sort"))], plan
    assert [step for step in plan if step.startswith(POSTS_BY_INDEX)], plan
    assert not [step for step in plan if step.startswith("Seq Scan on posts")], plan
