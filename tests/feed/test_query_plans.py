"""The queries of the feed and of a profile stay on their indexes, however long the feed is."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.database import Database
from quart_popovers.feed.queries import select_feed
from quart_popovers.models import Post
from quart_popovers.profiles.queries import select_profile
from quart_popovers.web.paging import Cursor
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
CURSORS = [Cursor(), Cursor(before=1500), Cursor(after=1500)]


@pytest.fixture
async def long_feed(database: Database, make_user: MakeUser) -> Database:
    """Enough comments that a planner prefers an index, with statistics."""
    people = [await make_user(name) for name in ("ada", "bo", "chidi", "dora")]
    rows = [{"user_id": people[n % 4], "body": f"Comment {n}"} for n in range(3000)]
    async with database.writer.begin() as connection:
        await connection.execute(insert(Post), rows)
        await connection.execute(text("ANALYZE"))
    return database


@pytest.mark.parametrize("cursor", CURSORS, ids=str)
async def test_a_page_of_the_feed_is_read_from_the_index(
    long_feed: Database, cursor: Cursor
) -> None:
    async with PlanningSession(long_feed.reader) as db:
        await select_feed(db, cursor, 11)

    assert_cheap(db.plan)


@pytest.mark.parametrize("cursor", CURSORS, ids=str)
async def test_a_page_of_a_profile_is_read_from_the_index(
    long_feed: Database, cursor: Cursor
) -> None:
    async with PlanningSession(long_feed.reader) as db:
        await select_profile(db, "ada", cursor, 11)

    assert_cheap(db.plan)


class PlanningSession(AsyncSession):
    """Keeps the plan of each query that it runs, a step a line."""

    plan: Sequence[str] = ()

    async def execute(self, statement: Any, *args: Any, **options: Any) -> Any:
        engine = self.get_bind()
        query = str(statement.compile(engine, compile_kwargs={"literal_binds": True}))
        if engine.dialect.name == "sqlite":
            rows = await super().execute(text(f"EXPLAIN QUERY PLAN {query}"))
            self.plan = [row.detail for row in rows]
        else:
            rows = await super().execute(text(f"EXPLAIN (COSTS OFF) {query}"))
            self.plan = [row[0].strip(" ->") for row in rows]
        return await super().execute(statement, *args, **options)


def assert_cheap(plan: Sequence[str]) -> None:
    """Posts come from an index, in its order: nothing is sorted and no other way is gone."""
    assert not [step for step in plan if step.startswith(("USE TEMP B-TREE", "Sort"))], plan
    assert [step for step in plan if step.startswith(POSTS_BY_INDEX)], plan
    assert not [step for step in plan if step.startswith("Seq Scan on posts")], plan
