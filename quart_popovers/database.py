"""Engines and sessions: two verbs, `reading()` and `writing()`, and what SQLite needs set."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL, Connection, FromClause, event, make_url
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.util import await_only

from .services import services

# How long a request waits for the database, all told: for its turn, for a connection and for the
# answer. Whoever waits longer thinks the site is broken; 503 says so, and when to come back.
PATIENCE_S = 3.5
# How long a connection that failed is given to say goodbye, on top of the patience.
GOODBYE_S = 0.5
# How often a writer asks whether the other process has finished: once or twice a transaction.
TURN_POLL_S = 0.003

SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout={PATIENCE_S * 1000:.0f}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    # In WAL mode NORMAL loses nothing when the process dies (https://sqlite.org/wal.html).
    "PRAGMA synchronous=NORMAL",
)


@dataclass(frozen=True)
class Database:
    """A process's engines; on PostgreSQL both share one pool."""

    reader: AsyncEngine
    writer: AsyncEngine

    async def dispose(self) -> None:
        await self.reader.dispose()
        await self.writer.dispose()


def async_url(url: str) -> URL:
    """Choose the async driver for a plain `sqlite:`, `postgresql:` or `postgres:` URL."""
    plain = make_url(url)
    if plain.get_backend_name() == "sqlite":
        return plain.set(drivername="sqlite+aiosqlite")
    query = dict(plain.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")  # asyncpg's name for libpq's setting
    return plain.set(drivername="postgresql+asyncpg", query=query)


def open_database(url: str) -> Database:
    address = async_url(url)
    return _open_sqlite(address) if "sqlite" in address.drivername else _open_postgresql(address)


def _open_sqlite(url: URL) -> Database:
    try:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"DATABASE_URL: {error}") from None
    reader = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        hide_parameters=True,  # what people wrote stays out of the log of an error
    )
    # One writing connection a process: writers queue in order on the event loop, where waiting
    # is free, instead of polling SQLite's lock from threads (p99 172 ms instead of 1,063 ms).
    writer = create_async_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=PATIENCE_S,
        hide_parameters=True,
        connect_args={"factory": SqliteWriter},
    )
    for engine in (reader, writer):
        engine.dialect.statement_compiler = HintingCompiler
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(writer.sync_engine, "connect", _take_turns_ourselves)
    event.listen(writer.sync_engine, "begin", _begin_immediate)
    return Database(reader, writer)


def _open_postgresql(url: URL) -> Database:
    writer = create_async_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=PATIENCE_S,
        hide_parameters=True,
        connect_args={
            "timeout": PATIENCE_S,
            "command_timeout": PATIENCE_S,
            "connection_class": PostgresqlConnection,
        },
    )
    # Without a transaction around it a read is one round trip instead of three.
    return Database(writer.execution_options(isolation_level="AUTOCOMMIT"), writer)


class HintingCompiler(SQLiteCompiler):
    """Writes what `with_hint` says behind a table's name; SQLAlchemy's own leaves it out."""

    def get_from_hint_text(self, _table: FromClause, text: str | None) -> str | None:
        return text


class SqliteWriter(sqlite3.Connection):
    """A connection that gives up the write lock when it closes.

    A visitor who leaves while a RETURNING is answered leaves its statement unfinished, and SQLite
    keeps a closed connection, transaction and all, until the last statement is gone: that is when
    the garbage collector finds the cursor. See "zombie" in https://sqlite.org/c3ref/close.html.
    """

    def close(self) -> None:
        with suppress(sqlite3.Error):  # closed already, or broken: closing is all there is to do
            self.rollback()
        super().close()


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _take_turns_ourselves(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that reads and then writes cannot wait for its turn: SQLite answers
    # "database is locked" at once, whatever the timeout (29 % of writes in a trial). Taking the
    # write lock first makes it wait instead. SQLite itself would wait in naps of up to 100 ms,
    # and a process whose writers queue leaves gaps of less than one: with 64 people posting
    # through two processes some waited 2.2 s. Asking more often, each gets its share.
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if not _is_busy(error) or time.monotonic() > give_up_at:
                raise
            await_only(asyncio.sleep(TURN_POLL_S))
        else:
            return


def _is_busy(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


class PostgresqlConnection(asyncpg.Connection):  # type: ignore[misc] # (untyped)
    """A connection that says a short goodbye: to a server that is frozen it is never answered."""

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 (asyncpg's)
        await super().close(timeout=min(timeout or GOODBYE_S, GOODBYE_S))


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncSession]:
    """A session for queries only; nothing done with it is kept."""
    async with asyncio.timeout(PATIENCE_S), AsyncSession(services().database.reader) as db:
        yield db


@asynccontextmanager
async def writing() -> AsyncIterator[AsyncSession]:
    """A session whose work is committed on success and rolled back on any error."""
    session = AsyncSession(services().database.writer)
    async with asyncio.timeout(PATIENCE_S), session as db, db.begin():
        yield db


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether this unique index was the one that refused; both databases name it."""
    return constraint in str(error.orig)
