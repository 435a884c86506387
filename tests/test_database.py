"""Engines and sessions: the right driver, the right pragmas, nothing left open."""

import asyncio
import sqlite3
from pathlib import Path

import aiosqlite
import pytest
from quart import Quart
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool

from quart_popovers.database import (
    Database,
    async_url,
    open_database,
    reading,
    violates,
    writing,
)
from quart_popovers.models import Post, SignIn, User, utc_now
from tests.visitor import Fetch, MakePost, MakeUser, Visitor


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("sqlite:///instance/a.db", "sqlite+aiosqlite:///instance/a.db"),
        ("sqlite:////var/lib/a.db", "sqlite+aiosqlite:////var/lib/a.db"),
        ("postgresql://host/name", "postgresql+asyncpg://host/name"),
        ("postgres://p:q@host:1/name", "postgresql+asyncpg://p:q@host:1/name"),
        (
            "postgresql://host/name?sslmode=require",
            "postgresql+asyncpg://host/name?ssl=require",
        ),
        ("postgresql://p@/name?host=/run", "postgresql+asyncpg://p@/name?host=%2Frun"),
    ],
)
def test_a_plain_address_gets_its_async_driver(given: str, opened: str) -> None:
    assert async_url(given).render_as_string(hide_password=False) == opened


async def test_sqlite_waits_for_locks_keeps_foreign_keys_and_lets_readers_read(
    app: Quart, database: Database
) -> None:
    if database.writer.dialect.name != "sqlite":
        pytest.skip("only SQLite has pragmas")
    async with app.app_context(), reading() as db:
        pragmas = ("foreign_keys", "journal_mode", "synchronous")
        values = [await db.scalar(text(f"PRAGMA {pragma}")) for pragma in pragmas]
        patience_ms = await db.scalar(text("PRAGMA busy_timeout"))

    assert values == [1, "wal", 1]
    assert patience_ms > 1000


async def test_writing_keeps_its_work_and_an_error_undoes_all_of_it(
    app: Quart, make_user: MakeUser, fetch: Fetch
) -> None:
    user_id = await make_user("ada")

    async def write_and_fail() -> None:
        async with writing() as db:
            await db.execute(insert(Post).values(user_id=user_id, body="undone"))
            raise ValueError("on the way")

    async with app.app_context():
        async with writing() as db:
            await db.execute(insert(Post).values(user_id=user_id, body="kept"))
        with pytest.raises(ValueError, match="on the way"):
            await write_and_fail()

    assert await fetch(select(Post.body)) == [("kept",)]


async def test_a_writer_who_is_cancelled_before_reading_the_answer_gives_up_sqlites_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'notes.db'}")
    is_written = asyncio.Event()

    async def read_never(_cursor: aiosqlite.Cursor) -> None:
        is_written.set()
        await asyncio.Event().wait()

    async def write() -> None:
        async with database.writer.begin() as db:
            await db.execute(text("INSERT INTO notes VALUES ('undone') RETURNING body"))

    async with database.writer.begin() as db:
        await db.execute(text("CREATE TABLE notes (body)"))
    with monkeypatch.context() as patched:
        patched.setattr(aiosqlite.Cursor, "fetchall", read_never)
        writer = asyncio.create_task(write())
        await is_written.wait()
        writer.cancel()
        with pytest.raises(asyncio.CancelledError) as left:
            await writer

    other = sqlite3.connect(tmp_path / "notes.db", timeout=0)
    other.execute("BEGIN IMMEDIATE")
    assert other.execute("SELECT body FROM notes").fetchall() == []
    assert left.traceback  # held until here: it keeps the cursor, whose statement is not finished
    other.close()
    await database.dispose()


@pytest.mark.parametrize(
    ("taken", "constraint"),
    [
        ({"username": "ADA", "email": "new@example.com"}, "uq_users_username"),
        ({"username": "new", "email": "ADA@example.com"}, "uq_users_email"),
    ],
)
async def test_the_database_names_the_constraint_that_refused(
    app: Quart, make_user: MakeUser, taken: dict[str, str], constraint: str
) -> None:
    await make_user("ada")

    async with app.app_context():
        with pytest.raises(IntegrityError) as refused:
            async with writing() as db:
                await db.execute(insert(User).values(password_hash="", **taken))

    others = {"uq_users_username", "uq_users_email"} - {constraint}
    assert violates(refused.value, constraint)
    assert not any(violates(refused.value, other) for other in others)


async def test_with_a_person_go_the_comments_and_sign_ins(
    app: Quart, make_user: MakeUser, make_post: MakePost, fetch: Fetch
) -> None:
    await make_post(await make_user("ada"))
    await Visitor(app).sign_in("ada")

    async with app.app_context(), writing() as db:
        await db.execute(delete(User))

    for table in (Post, SignIn):
        assert await fetch(select(func.count()).select_from(table)) == [(0,)]


async def test_an_id_is_never_given_twice(
    app: Quart, make_user: MakeUser, make_post: MakePost
) -> None:
    user_id = await make_user("ada")
    first = await make_post(user_id)

    async with app.app_context(), writing() as db:
        await db.execute(delete(Post))

    assert await make_post(user_id) > first


async def test_a_moment_comes_back_as_aware_utc(make_user: MakeUser, fetch: Fetch) -> None:
    now = utc_now()
    await make_user("ada", last_seen=now)

    [[kept]] = await fetch(select(User.last_seen))

    assert kept == now
    assert kept.utcoffset() is not None


async def test_no_connection_is_kept_after_an_answer_whatever_it_was(
    app: Quart, database: Database, make_user: MakeUser
) -> None:
    @app.get("/test-only/mistake")
    async def fail() -> str:
        async with reading() as db:
            await db.execute(text("SELECT 1"))
            raise ValueError("while reading")

    await make_user("ada")
    visitor = Visitor(app)
    await visitor.sign_in("ada")

    paths = (
        "/",
        "/user/ada",
        "/user/ada/popup",
        "/user/nobody",
        "/?before=x",
        "/test-only/mistake",
    )
    statuses = [(await visitor.get(path)).status for path in paths]

    assert statuses == [200, 200, 200, 404, 400, 500]
    for engine in (database.reader, database.writer):
        assert isinstance(engine.pool, QueuePool)
        assert engine.pool.checkedout() == 0
