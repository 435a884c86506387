"""Counters in Redis, shared by all workers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any, TypeVar

from limits.aio.storage import RedisStorage

from .counters import CountersAway

# Redis answers in less than a millisecond, or is away: then each worker counts by itself.
PATIENCE_S = 0.25
# How long an absent Redis is not asked again: its absence costs one wait, not one each request.
AWAY_S = 5
# Each answers thousands of requests a second; without a bound every waiting request has its own.
MOST_CONNECTIONS = 32
KEY_PREFIX = "quart-popovers"

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class SharedCounters:
    """Asks Redis, or says that it is away."""

    def __init__(self, url: str) -> None:
        # Not at the top: this takes 80 ms, which nobody without Redis should pay.
        from redis.asyncio import BlockingConnectionPool, Redis  # noqa: PLC0415
        from redis.exceptions import RedisError  # noqa: PLC0415

        self._errors = (RedisError, OSError)  # a TimeoutError is an OSError
        self._pool = BlockingConnectionPool.from_url(
            url, max_connections=MOST_CONNECTIONS, timeout=PATIENCE_S
        )
        self._storage = RedisStorage(
            f"async+{url}",
            implementation="redispy",
            key_prefix=KEY_PREFIX,
            connection_pool=self._pool,  # type: ignore[arg-type] # (passed on to redis)
        )
        self._redis = Redis(connection_pool=self._pool)
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

    async def run(self, script: str, keys: Sequence[str], arguments: Sequence[int]) -> Any:
        """The answer of a Lua script, with our prefix before its keys. Raises CountersAway."""
        registered = self._redis.register_script(script)
        ours = [f"{KEY_PREFIX}:{key}" for key in keys]
        return await self.ask(lambda _storage: registered(ours, arguments))

    async def close(self) -> None:
        await self._pool.disconnect()
