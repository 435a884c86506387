"""SQLite: its settings, its one writer, and the turns that processes take."""

import asyncio
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from .patience import PATIENCE_S

# How often a writer retries while another process writes: once or twice a transaction.
TURN_POLL_S = 0.003

PRAGMAS = (
    f"PRAGMA busy_timeout={PATIENCE_S * 1000:.0f}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    # In WAL mode NORMAL loses nothing when the process dies (https://sqlite.org/wal.html).
    "PRAGMA synchronous=NORMAL",
    # Deleted rows are overwritten with zeros. Debian builds SQLite so, others do not.
    "PRAGMA secure_delete=ON",
)


def open_sqlite(url: URL, pool_size: int) -> tuple[AsyncEngine, AsyncEngine]:
    """The reader, which runs statements without a transaction, and the writer."""
    try:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"DATABASE_URL: {error}") from None
    reader = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=PATIENCE_S,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        hide_parameters=True,  # keeps what people wrote out of the log
    )
    # One writing connection a process: writers queue in order on the event loop, where waiting
    # is free, instead of polling SQLite's lock from threads (p99 172 ms instead of 1,063 ms).
    writer = create_async_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=PATIENCE_S,
        hide_parameters=True,
        connect_args={"factory": Writer},
    )
    for engine in (reader, writer):
        event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(writer.sync_engine, "connect", _leave_transactions_to_us)
    event.listen(writer.sync_engine, "begin", _begin_immediate)
    return reader, writer


class Writer(sqlite3.Connection):
    """A connection that gives up the write lock when it closes.

    A client that disconnects while a RETURNING is answered leaves its statement unfinished, and
    SQLite keeps a closed connection with its transaction until the last statement is finalized,
    that is until the garbage collector finds the cursor. See "zombie" in
    https://sqlite.org/c3ref/close.html.
    """

    def close(self) -> None:
        with suppress(sqlite3.Error):  # already closed, or broken: nothing else is left to do
            self.rollback()
        super().close()


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that reads and then writes cannot wait for its turn: SQLite answers
    # "database is locked" at once, whatever the timeout (29 % of writes in a trial). Taking the
    # write lock first makes it wait instead. SQLite itself would wait in naps of up to 100 ms,
    # and a process whose writers queue leaves gaps of less than one: with 64 people posting
    # through two processes some waited 2.2 s. Retrying more often gives each process its share.
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
