"""Queries that the driver runs itself: for what is asked very often."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from .postgresql import has_been_pooled


class DeadConnection(Exception):
    """A connection had died in the pool, where readers' connections are not pinged."""


async def fetch_rows(engine: AsyncEngine, sql: str, parameters: Sequence[Any]) -> Sequence[Any]:
    """The rows of a query, without SQLAlchemy's cursor. Raises the driver's own errors.

    The query is sent again when its connection had died in the pool, each of which may have: the
    last try is on a new connection.
    """
    while True:
        try:
            return await _fetch(engine, sql, parameters)
        except DeadConnection:
            continue  # it has left the pool


async def _fetch(engine: AsyncEngine, sql: str, parameters: Sequence[Any]) -> Sequence[Any]:
    async with engine.connect() as connection:
        pooled = await connection.get_raw_connection()
        driver: Any = pooled.driver_connection
        rows: Sequence[Any]
        try:
            if isinstance(driver, asyncpg.Connection):
                rows = await driver.fetch(sql, *parameters)
            else:
                rows = await driver.execute_fetchall(sql, parameters)
        except BaseException as error:
            # SQLAlchemy did not see this error or cancellation: the connection may be dead or
            # still busy, and must not serve another query.
            is_dead = has_been_pooled(pooled) and driver.is_closed()
            await connection.invalidate()
            if is_dead and isinstance(error, Exception):
                raise DeadConnection() from error
            raise
        return rows
