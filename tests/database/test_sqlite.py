"""SQLite: the pragmas, and a writer that always gives up its lock."""

import asyncio
import sqlite3
from pathlib import Path

import aiosqlite
import pytest
from quart import Quart
from sqlalchemy import text

from quart_popovers.database import Database, open_database, reading


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
