"""PostgreSQL: its pool, and what asyncpg does when the server is away."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy import URL, Dialect, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from .errors import DatabaseAway
from .patience import PATIENCE_S

# How long a connection may take to close, in addition to the patience.
CLOSE_S = 0.5


def open_postgresql(url: URL, pool_size: int) -> tuple[AsyncEngine, AsyncEngine]:
    """The reader, which runs statements without a transaction, and the writer.

    The writer has half as many connections as the reader, so that neither can take those of the
    other. Both keep what they have opened: a new connection costs more than ten queries.
    """
    # Without a transaction and a ping around it a read is one round trip instead of four. A
    # connection that died in the pool is noticed by the query, which is then sent again.
    reader = _create_engine(url, pool_size, isolation_level="AUTOCOMMIT")
    event.listen(reader.sync_engine, "checkin", _note_pooled)
    # A write is not sent again, so its connection is pinged before.
    writer = _create_engine(url, (pool_size + 1) // 2, pool_pre_ping=True)
    return reader, writer


def _create_engine(url: URL, pool_size: int, **options: Any) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=PATIENCE_S,
        hide_parameters=True,  # keeps what people wrote out of the log
        connect_args={"timeout": PATIENCE_S, "connection_class": PostgresqlConnection},
        **options,
    )
    event.listen(engine.sync_engine, "do_connect", _connect)
    return engine


def _note_pooled(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    if connection is not None:
        record.info["has_been_pooled"] = True


def has_been_pooled(connection: PoolProxiedConnection) -> bool:
    """Whether this reader's connection was in the pool before, where it may have died."""
    return "has_been_pooled" in connection.info


class PostgresqlConnection(asyncpg.Connection):  # type: ignore[misc] # (untyped)
    """A connection that closes quickly: a frozen server never answers the message about it."""

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 (asyncpg's)
        await super().close(timeout=min(timeout or CLOSE_S, CLOSE_S))


def _connect(
    dialect: Dialect, _record: object, arguments: Sequence[Any], options: dict[str, Any]
) -> DBAPIConnection:
    """Connect. Raises DatabaseAway instead of the network's own errors, which asyncpg passes on."""
    try:
        return dialect.connect(*arguments, **options)
    except OSError as error:
        raise DatabaseAway.because_of(error) from error
