"""The deadline: what it turns into DatabaseAway, and what it leaves alone."""

import asyncio
import sqlite3

import asyncpg
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from quart_popovers.database import DatabaseAway, within_patience


def busy() -> sqlite3.Error:
    error = sqlite3.OperationalError("database is locked\nand more")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    return error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (busy(), "OperationalError: database is locked"),
        (asyncpg.TooManyConnectionsError("too many"), "TooManyConnectionsError: too many"),
        (asyncpg.ConnectionDoesNotExistError("closed"), "ConnectionDoesNotExistError: closed"),
        (PoolTimeout("no connection"), "TimeoutError: no connection"),
    ],
    ids=lambda it: type(it).__name__,
)
async def test_drivers_errors_are_one_error_with_one_line(error: Exception, text: str) -> None:
    with pytest.raises(DatabaseAway) as away:
        async with within_patience():
            raise error

    assert str(away.value) == text
    assert away.value.__cause__ is error


async def test_waiting_too_long_is_the_same_error() -> None:
    with pytest.raises(DatabaseAway, match="no answer within 0"):
        async with within_patience(0):
            await asyncio.Event().wait()


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("of other code"),
        ConnectionResetError("of other code"),
        asyncpg.UndefinedTableError("a wrong statement"),
        sqlite3.OperationalError("a wrong statement"),
    ],
    ids=lambda it: type(it).__name__,
)
async def test_all_other_errors_stay_what_they_are(error: Exception) -> None:
    with pytest.raises(type(error)) as same:
        async with within_patience():
            raise error

    assert same.value is error


async def test_a_cancelled_request_is_cancelled() -> None:
    begun = asyncio.Event()

    async def wait() -> None:
        async with within_patience():
            begun.set()
            await asyncio.Event().wait()

    waiting = asyncio.create_task(wait())
    await begun.wait()
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
