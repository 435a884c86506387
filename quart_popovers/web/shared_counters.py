"""Counters in Redis, shared by all workers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

from limits.aio.storage import RedisStorage

from .counters import CountersAway

# Redis answers in less than a millisecond, or is away: then each worker counts by itself.
PATIENCE_S = 0.25
# How long an absent Redis is not asked again: its absence costs one wait, not one each request.
AWAY_S = 5
# Each answers thousands of requests a second; without a bound every waiting request has its own.
MOST_CONNECTIONS = 32

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class SharedCounters:
    """Asks Redis, or says that it is away."""

    def __init__(self, url: str) -> None:
        # Not at the top: this takes 80 ms, which nobody without Redis should pay.
        from redis.asyncio import BlockingConnectionPool  # noqa: PLC0415
        from redis.exceptions import RedisError  # noqa: PLC0415

        self._errors = (RedisError, OSError)  # a TimeoutError is an OSError
        self._pool = BlockingConnectionPool.from_url(
            url, max_connections=MOST_CONNECTIONS, timeout=PATIENCE_S
        )
        self._storage = RedisStorage(
            f"async+{url}",
            implementation="redispy",
            key_prefix="quart-popovers",
            connection_pool=self._pool,  # type: ignore[arg-type] # (passed on to redis)
        )
        self._away_until = 0.0

    async def ask(self, question: Callable[[RedisStorage], Awaitable[Answer]]) -> Answer:
        """What Redis answers. Raises CountersAway."""
        if monotonic() < self._away_until:
            raise CountersAway()
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await question(self._storage)
        except self._errors as error:
            self._away_until = monotonic() + AWAY_S
            log.warning("Redis is away, each worker counts by itself: %s", type(error).__name__)
            raise CountersAway() from error

    async def close(self) -> None:
        await self._pool.disconnect()
