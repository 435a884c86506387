"""How often one may do what; who does it oftener gets a 429 that says when to come back.

Counted with `limits`, in this process or, with `REDIS_URL`, in Redis for all workers together.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from time import monotonic, time
from typing import TypeVar

from babel.dates import format_timedelta
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError
from werkzeug.exceptions import TooManyRequests

from ..services import services
from ..settings import Settings
from .buckets import Buckets

# Redis answers in less than a millisecond, or is away: then nobody is limited and nobody waits.
REDIS_PATIENCE_S = 0.25
# How long an absent Redis is not asked again, so that its absence costs one wait, not one each.
REDIS_AWAY_S = 5

# Two a second is faster than anybody reads; a row of forty is a pointer drawn along a page.
HOVERS_AT_ONCE = 40
HOVERS_PER_S = 2

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Storage = MemoryStorage | RedisStorage


@dataclass(frozen=True)
class Limit:
    """So many of this in that time, by whatever key one counts."""

    what: str
    item: RateLimitItem


SIGN_INS_BY_ADDRESS = Limit("sign in", parse("60 per 15 minutes"))
REGISTRATIONS_BY_ADDRESS = Limit("register", parse("20 per hour"))
POSTS = Limit("post", parse("20 per minute"))
EXPORTS = Limit("export", parse("10 per hour"))
# What all workers together let through is what one bucket would.
HOVERS = Limit("hover", parse(f"{HOVERS_PER_S * 60 + HOVERS_AT_ONCE} per minute"))


def open_rate_limits(settings: Settings) -> "RateLimits | None":
    """None when they are switched off."""
    if not settings.rate_limits:
        return None
    secret = settings.secret_key.get_secret_value().encode()
    return RateLimits(open_storage(settings.redis_url), secret)


def open_storage(redis_url: str | None) -> Storage:
    if redis_url is None:
        return MemoryStorage()
    return RedisStorage(f"async+{redis_url}", implementation="redispy", key_prefix="quart-popovers")


class RateLimits:
    """Counts, and never fails: while Redis is away everything is let through."""

    def __init__(self, storage: Storage, secret: bytes) -> None:
        self._storage = storage
        self._secret = secret
        self._windows = SlidingWindowCounterRateLimiter(storage)
        self._hovers = Buckets(HOVERS_AT_ONCE, HOVERS_PER_S)
        self._is_shared = isinstance(storage, RedisStorage)
        self._away_until = 0.0

    def key(self, what: str, who: str) -> str:
        """What is counted under: of even length, and without a name or address to read in Redis."""
        return hmac.digest(self._secret, f"{what}\0{who}".encode(), "sha256").hex()

    async def wait_for(self, limit: Limit, who: str) -> float:
        """Count one: 0 if it is within the limit, else the seconds until one will be."""
        key = self.key(limit.what, who)

        async def hit(_storage: Storage) -> float:
            if await self._windows.hit(limit.item, key):
                return 0
            window = await self._windows.get_window_stats(limit.item, key)
            # The window has moved on by then, but by up to one share too little for another.
            return window.reset_time - time() + limit.item.get_expiry() / limit.item.amount

        return await self.ask(hit, otherwise=0)

    async def wait_for_hover(self, token_hash: str) -> float:
        """The same for a hover, which a dictionary counts.

        `limits` looks through all its keys at each hit (405 µs with 5,000 people, more than the
        rest of a popup); here a hit takes half a microsecond. Redis is asked only when there is
        one, for what the other workers have let through.
        """
        wait_s = self._hovers.take(token_hash)
        if wait_s or not self._is_shared:
            return wait_s
        return await self.wait_for(HOVERS, token_hash)

    async def ask(
        self, question: Callable[[Storage], Awaitable[Answer]], *, otherwise: Answer
    ) -> Answer:
        """What the storage says; while Redis is away, `otherwise`, and a warning in the log."""
        if not self._is_shared:
            return await question(self._storage)
        if monotonic() < self._away_until:
            return otherwise
        try:
            async with asyncio.timeout(REDIS_PATIENCE_S):
                return await question(self._storage)
        except (RedisError, OSError) as error:  # a TimeoutError is an OSError
            self._away_until = monotonic() + REDIS_AWAY_S
            log.warning("Redis is away, nothing is limited meanwhile: %s", type(error).__name__)
            return otherwise

    async def seconds_left(self, storage: Storage, key: str) -> float:
        """How long this key will go on being counted; 0 if it is not."""
        return max(0, await storage.get_expiry(key) - time()) if await storage.get(key) else 0

    async def close(self) -> None:
        if isinstance(self._storage, RedisStorage):
            await self._storage.bridge.get_connection().aclose()  # type: ignore[attr-defined]


async def limit(to: Limit, who: str) -> None:
    """Count one for this person or address. Raises TooManyRequests."""
    if rate_limits := services().rate_limits:
        refuse_for(await rate_limits.wait_for(to, who))


async def limit_hovers(token_hash: str) -> None:
    """Count a hover of this sign-in. Raises TooManyRequests."""
    if rate_limits := services().rate_limits:
        refuse_for(await rate_limits.wait_for_hover(token_hash))


def refuse_for(wait_s: float) -> None:
    """Raise TooManyRequests if there is anything to wait for."""
    if wait_s:
        whole_s = max(1, ceil(wait_s))
        wait = format_timedelta(timedelta(seconds=whole_s), threshold=1, locale="en")
        raise TooManyRequests(f"That was too often. Please try again in {wait}.", None, whole_s)
