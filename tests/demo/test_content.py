"""The demo: enough to look alive, and good by our own rules."""

import json
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.accounts.forms import ABOUT_ME_LIMIT
from quart_popovers.database import Database
from quart_popovers.demo.content import (
    PASSWORD,
    PEOPLE,
    WEEKS_OF_COMMENTS,
    DemoPerson,
    add_demo_content,
)
from quart_popovers.feed.forms import POST_LIMIT
from quart_popovers.models import Post, User, utc_now
from quart_popovers.web.forms import count_characters, normalise_text
from tests.visitor import Fetch, Visitor

DEMO: list[DemoPerson] = json.loads(PEOPLE.read_text())["people"]


async def fill(database: Database) -> None:
    async with AsyncSession(database.writer) as db, db.begin():
        await add_demo_content(db)


async def test_about_thirty_people_said_a_few_hundred_things_in_the_last_weeks(
    database: Database, fetch: Fetch
) -> None:
    await fill(database)

    [[people]] = await fetch(select(func.count()).select_from(User))
    posts = await fetch(select(Post.timestamp).order_by(Post.id))
    assert 25 <= people <= 40
    assert 200 <= len(posts) <= 600
    assert posts == sorted(posts)
    assert utc_now() - posts[0][0] <= timedelta(weeks=WEEKS_OF_COMMENTS, minutes=5)
    assert posts[-1][0] < utc_now()


async def test_the_kept_counts_are_right(database: Database, fetch: Fetch) -> None:
    await fill(database)

    kept = await fetch(select(User.id, User.post_count).order_by(User.id))
    counted = await fetch(
        select(User.id, func.count(Post.id)).outerjoin(Post).group_by(User.id).order_by(User.id)
    )
    assert kept == counted


async def test_nobody_said_anything_after_being_last_seen(database: Database, fetch: Fetch) -> None:
    await fill(database)

    newest = func.max(Post.timestamp)
    people = await fetch(select(User.last_seen, newest).join(Post).group_by(User.id))

    assert all(last_seen >= said for last_seen, said in people)


async def test_a_second_start_adds_nothing(database: Database, fetch: Fetch) -> None:
    await fill(database)
    before = await fetch(select(Post.id))

    await fill(database)

    assert await fetch(select(Post.id)) == before


async def test_the_printed_sign_in_works(database: Database, visitor: Visitor) -> None:
    await fill(database)

    page = await visitor.sign_in("ada", PASSWORD)
    feed = await visitor.follow(page)

    assert len(feed.post_ids) == 10


def test_everything_said_could_have_been_typed_into_our_forms() -> None:
    comments = [comment for person in DEMO for comment in person["comments"]]

    assert all(1 <= count_characters(comment) <= POST_LIMIT for comment in comments)
    assert all(count_characters(person["about_me"]) <= ABOUT_ME_LIMIT for person in DEMO)
    assert all(normalise_text(comment) == comment for comment in comments)


def test_some_of_it_is_long_in_other_scripts_or_with_emoji() -> None:
    comments = [comment for person in DEMO for comment in person["comments"]]

    assert any(count_characters(comment) > POST_LIMIT - 10 for comment in comments)
    assert any("\u0400" <= character <= "\u9fff" for it in comments for character in it)
    assert any(character >= "\U0001f300" for it in comments for character in it)
