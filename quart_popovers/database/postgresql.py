"""PostgreSQL: its pool, and what asyncpg does when the server is away."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy import URL, Dialect, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from .errors import DatabaseAway
from .patience import PATIENCE_S

# How long a connection may take to close, in addition to the patience.
CLOSE_S = 0.5


def open_postgresql(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """The reader, which runs statements without a transaction, and the writer."""
    writer = create_async_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=PATIENCE_S,
        hide_parameters=True,  # keeps what people wrote out of the log
        connect_args={
            "timeout": PATIENCE_S,
            "command_timeout": PATIENCE_S,
            "connection_class": PostgresqlConnection,
        },
    )
    event.listen(writer.sync_engine, "do_connect", _connect)
    # Without a transaction around it a read is one round trip instead of three.
    return writer.execution_options(isolation_level="AUTOCOMMIT"), writer


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
