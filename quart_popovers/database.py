"""Engines and sessions: two verbs, `reading()` and `writing()`, and what SQLite needs set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quart import current_app
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

# How long a writer waits for its turn, and any query for its answer, before it counts as failed.
PATIENCE_S = 5

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    f"PRAGMA busy_timeout={PATIENCE_S * 1000}",
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
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    reader = create_async_engine(url, isolation_level="AUTOCOMMIT")
    # One writing connection a process: writers queue in order on the event loop, where waiting
    # is free, instead of polling SQLite's lock from threads (p99 172 ms instead of 1,063 ms).
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=PATIENCE_S)
    for engine in (reader, writer):
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(writer.sync_engine, "connect", _leave_begin_to_us)
    event.listen(writer.sync_engine, "begin", _begin_immediate)
    return Database(reader, writer)


def _open_postgresql(url: URL) -> Database:
    writer = create_async_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=PATIENCE_S,
        connect_args={"timeout": PATIENCE_S, "command_timeout": PATIENCE_S},
    )
    # Without a transaction around it a read is one round trip instead of three.
    return Database(writer.execution_options(isolation_level="AUTOCOMMIT"), writer)


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _leave_begin_to_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that reads and then writes cannot wait for its turn: SQLite answers
    # "database is locked" at once, whatever the timeout (29 % of writes in a trial). Taking the
    # write lock first makes it wait instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def current_database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncSession]:
    """A session for queries only; nothing done with it is kept."""
    async with AsyncSession(current_database().reader) as db:
        yield db


@asynccontextmanager
async def writing() -> AsyncIterator[AsyncSession]:
    """A session whose work is committed on success and rolled back on any error."""
    async with AsyncSession(current_database().writer) as db, db.begin():
        yield db


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether this unique index was the one that refused; both databases name it."""
    return constraint in str(error.orig)
