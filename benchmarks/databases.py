"""Databases of a known size, made anew for each run."""

import asyncio
from datetime import timedelta
from pathlib import Path

from quart_auth import QuartAuth
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from quart_popovers import create_app
from quart_popovers.accounts.passwords import hash_password
from quart_popovers.accounts.sign_ins import hash_token
from quart_popovers.database import open_database
from quart_popovers.demo.__main__ import migrate
from quart_popovers.models import Base, Post, SignIn, User, utc_now
from quart_popovers.settings import Settings

SECRET_KEY = "a key that only benchmarks would ever use"
PASSWORD = "rest the pointer on a name"
TOKEN = "the one browser of the benchmark"
PEOPLE = 5_000
ROWS_AT_ONCE = 5_000


def make_sqlite(folder: Path, posts: int) -> str:
    """A new SQLite database with 5,000 people and so many comments; returns its URL."""
    url = f"sqlite:///{folder / f'{posts}.db'}"
    migrate(url)
    asyncio.run(_fill(url, posts))
    return url


def refill_postgresql(url: str, posts: int) -> None:
    """Empty this PostgreSQL database and fill it the same way."""
    migrate(url)
    asyncio.run(_fill(url, posts, empty_first=True))


async def _fill(url: str, posts: int, *, empty_first: bool = False) -> None:
    database = open_database(url)
    password_hash = await hash_password(PASSWORD)
    async with database.writer.begin() as connection:
        if empty_first:
            tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
            await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        await connection.execute(insert(User), _people(password_hash, posts // PEOPLE))
        signed_in = insert(SignIn).values(
            token_hash=hash_token(TOKEN), user_id=1, user_agent="benchmark"
        )
        await connection.execute(signed_in)
        for start in range(0, posts, ROWS_AT_ONCE):
            await _add_posts(connection, start, min(start + ROWS_AT_ONCE, posts))
    if empty_first:  # SQLite's are for none of our queries; PostgreSQL would gather them itself
        async with database.writer.begin() as connection:
            await connection.execute(text("ANALYZE"))
    await database.dispose()


def _people(password_hash: str, posts_each: int) -> list[dict[str, object]]:
    now = utc_now()
    return [
        {
            "username": f"person{n}",
            "email": f"person{n}@example.com",
            "password_hash": password_hash,
            "about_me": f"I am person number {n}, and I like hovering over names.",
            "created_at": now - timedelta(days=n % 900),
            "last_seen": now - timedelta(minutes=n),
            "post_count": posts_each,
        }
        for n in range(PEOPLE)
    ]


async def _add_posts(connection: AsyncConnection, start: int, end: int) -> None:
    now = utc_now()
    rows = [
        {
            "user_id": n * 7919 % PEOPLE + 1,
            "body": f"Comment {n}: what a lovely day to rest the pointer on a name.",
            "timestamp": now,
        }
        for n in range(start, end)
    ]
    await connection.execute(insert(Post), rows)


def sign_in_cookie() -> str:
    """The Cookie header of the browser that is signed in."""
    settings = Settings(
        _env_file=None, secret_key=SECRET_KEY, secure_cookies=False, log_level="WARNING"
    )
    app = create_app(settings)
    sign_ins: QuartAuth = app.extensions["QUART_AUTH"][0]
    return f"{sign_ins.cookie_name}={sign_ins.dump_token(TOKEN, app)}"
