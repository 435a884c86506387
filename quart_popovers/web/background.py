"""Work that repeats beside the requests."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NoReturn

log = logging.getLogger(__name__)


@asynccontextmanager
async def repeating(work: Callable[[], Awaitable[None]], interval_s: float) -> AsyncIterator[None]:
    """Do the work at this interval while the block runs. An error is logged and ends nothing."""
    task = asyncio.create_task(_repeat(work, interval_s))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _repeat(work: Callable[[], Awaitable[None]], interval_s: float) -> NoReturn:
    while True:
        await asyncio.sleep(interval_s)
        try:
            await work()
        except Exception:
            log.exception("Background work failed and is tried again later")
