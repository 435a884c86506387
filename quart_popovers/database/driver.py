"""Queries that the driver runs itself: for what is asked very often."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from .errors import DatabaseAway


class DeadConnection(DatabaseAway):
    """The connection had died in the pool, where readers' connections are not pinged."""


async def fetch_rows(engine: AsyncEngine, sql: str, parameters: Sequence[Any]) -> Sequence[Any]:
    """The rows of a query, without SQLAlchemy's cursor. Raises the driver's own errors.

    The query is sent once more when its connection turns out to be dead.
    """
    pool = engine.pool
    try:
        return await _fetch(engine, sql, parameters)
    except DeadConnection:
        if engine.pool is pool:  # else another query has replaced it meanwhile
            await engine.dispose()  # the others are as old; new ones are opened when needed
        return await _fetch(engine, sql, parameters)


async def _fetch(engine: AsyncEngine, sql: str, parameters: Sequence[Any]) -> Sequence[Any]:
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        rows: Sequence[Any]
        try:
            if isinstance(driver, asyncpg.Connection):
                rows = await driver.fetch(sql, *parameters)
            else:
                rows = await driver.execute_fetchall(sql, parameters)
        except BaseException as error:
            # SQLAlchemy did not see this error or cancellation: the connection may be dead or
            # still busy, and must not serve another query.
            is_dead = isinstance(driver, asyncpg.Connection) and driver.is_closed()
            await connection.invalidate()
            if is_dead and isinstance(error, Exception):
                raise DeadConnection.because_of(error) from error
            raise
        return rows
