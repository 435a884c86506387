"""Databases of a known size, made for each run."""

import asyncio
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import CTE, BigInteger, String, cast, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from quart_popovers.accounts.passwords import hash_password
from quart_popovers.accounts.sign_ins import hash_token
from quart_popovers.database import async_url
from quart_popovers.demo.__main__ import migrate
from quart_popovers.models import Post, SignIn, User, utc_now

PASSWORD = "rest the pointer on a name"
VIEWERS = 5_000
# Rows of one slice share their times.
SLICES = 100


class Size(NamedTuple):
    """How many people a database has, and how many comments they have written."""

    people: int
    posts: int

    def __str__(self) -> str:
        return f"{self.people}-people-{self.posts}-posts"


BASE = Size(5_000, 50_000)
MANY_PEOPLE = Size(1_000_000, 50_000)
MANY_POSTS = Size(5_000, 1_000_000)


def token(viewer: int) -> str:
    """The token in the cookie of this viewer, counted from 1."""
    return f"the token of viewer {viewer}"


def fill(url: str, size: Size) -> None:
    """Migrate an empty database and add people, comments, and 5,000 signed-in viewers."""
    migrate(url)
    asyncio.run(_fill(url, size))


async def _fill(url: str, size: Size) -> None:
    # An engine of its own: the site's has timeouts and foreign keys, which slow bulk inserts down.
    engine = create_async_engine(async_url(url))
    password_hash = await hash_password(PASSWORD)
    async with engine.begin() as connection:
        if engine.name == "postgresql":
            await connection.execute(text("SET session_replication_role = replica"))
        else:
            await connection.execute(text("PRAGMA cache_size = -262144"))
        await _add_people(connection, size, password_hash)
        await _add_sign_ins(connection)
        await _add_posts(connection, size)
    if engine.name == "postgresql":  # SQLite needs no statistics, see docs/deployment.md
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM ANALYZE"))
    await engine.dispose()


async def _add_people(connection: AsyncConnection, size: Size, password_hash: str) -> None:
    now = utc_now()
    for n in range(SLICES):
        numbers = _numbers(n * size.people // SLICES, (n + 1) * size.people // SLICES)
        number = cast(numbers.c.n, String)
        columns = {
            "username": literal("person").concat(number),
            "email": literal("person").concat(number).concat("@example.com"),
            "password_hash": literal(password_hash),
            "about_me": literal("I am person number ")
            .concat(number)
            .concat(", and I like hovering over names."),
            "created_at": literal(now - timedelta(days=9 * n), User.created_at.type),
            "last_seen": literal(now - timedelta(minutes=7 * n), User.last_seen.type),
            "post_count": literal(size.posts // BASE.people),
        }
        rows = select(*columns.values()).select_from(numbers)
        await connection.execute(insert(User).from_select(list(columns), rows))


async def _add_posts(connection: AsyncConnection, size: Size) -> None:
    """Add comments by the first 5,000 people, as many by each."""
    now = utc_now()
    for n in range(SLICES):
        numbers = _numbers(n * size.posts // SLICES, (n + 1) * size.posts // SLICES)
        columns = {
            # 7919 is a prime, so that neighbours in the feed are different people.
            "user_id": numbers.c.n * 7919 % BASE.people + 1,
            "body": literal("Comment ")
            .concat(cast(numbers.c.n, String))
            .concat(": what a lovely day to rest the pointer on a name."),
            "timestamp": literal(now - timedelta(hours=SLICES - n), Post.timestamp.type),
        }
        rows = select(*columns.values()).select_from(numbers)
        await connection.execute(insert(Post).from_select(list(columns), rows))


def _numbers(start: int, end: int) -> CTE:
    """The whole numbers from `start` up to but not including `end`."""
    numbers = select(literal(start, BigInteger).label("n")).cte("numbers", recursive=True)
    return numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < end - 1))


async def _add_sign_ins(connection: AsyncConnection) -> None:
    rows = [
        {"token_hash": hash_token(token(viewer)), "user_id": viewer, "user_agent": "benchmark"}
        for viewer in range(1, VIEWERS + 1)
    ]
    await connection.execute(insert(SignIn), rows)
