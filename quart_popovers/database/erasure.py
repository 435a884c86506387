"""Erasing what was deleted from SQLite's files."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from .engines import Database

# "Nothing left an hour later" has several chances.
EMPTY_LOG_INTERVAL_S = 600
# Between two tries readers and writers end what they had begun.
TRY_AGAIN_S = 0.02
MOST_TRIES = 100


async def empty_log(database: Database) -> None:
    """Move the write-ahead log into the database file and cut it to nothing.

    `secure_delete` overwrites deleted rows in the database file, but the log keeps pages as they
    were: SQLite writes it again from its start, and so leaves old pages behind the new ones.
    See docs/deployment.md for PostgreSQL.
    """
    if database.writer.dialect.name != "sqlite":
        return
    path = Path(database.writer.url.database or "")
    for _ in range(MOST_TRIES):
        if await asyncio.to_thread(_truncate_log, path):
            return
        await asyncio.sleep(TRY_AGAIN_S)


def _truncate_log(path: Path) -> bool:
    """Whether it is done; if not, somebody was reading from the log or writing."""
    url = f"{path.resolve().as_uri()}?mode=rw"  # never makes a file
    with closing(sqlite3.connect(url, uri=True, timeout=0)) as connection:
        # Most of the work blocks nobody: TRUNCATE, which keeps writers out, then finds little.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy
