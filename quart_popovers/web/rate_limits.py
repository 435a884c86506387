"""Rate limits. Clients over a limit get 429 with Retry-After.

Counted with `limits`: in Redis for all workers together, or without `REDIS_URL` in each worker.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from math import ceil
from time import time
from typing import TypeVar

from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests

from ..services import services
from ..settings import Settings
from .background import repeating
from .buckets import Buckets
from .counters import Counters, CountersAway
from .durations import in_words
from .hypercorn_internals import current_worker
from .shared_buckets import REPORT_INTERVAL_S, SharedBuckets
from .shared_counters import SharedCounters

# Two a second is faster than anybody reads; a row of forty is a pointer drawn along a page.
HOVERS_AT_ONCE = 40
HOVERS_PER_S = 2
# At the very end of a window its limit is still reached. Redis measures windows in milliseconds.
JUST_AFTER_S = 0.01

# Sixty at once is a person who opens every link of several pages in tabs.
PAGES_AT_ONCE = 60
PAGES_PER_S = 10

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Storage = Counters | RedisStorage


@dataclass(frozen=True)
class Limit:
    """So many of this action in that time, for each key."""

    what: str
    item: RateLimitItem


SIGN_INS_BY_ADDRESS = Limit("sign in", parse("60 per 15 minutes"))
# In known browsers, whatever others do at the same address.
SIGN_INS_BY_PERSON = Limit("sign in again", parse("60 per 15 minutes"))
REGISTRATIONS_BY_ADDRESS = Limit("register", parse("20 per hour"))
POSTS = Limit("post", parse("20 per minute"))
EXPORTS = Limit("export", parse("10 per hour"))
PROFILE_CHANGES = Limit("profile", parse("30 per hour"))
# After a rename, old links are broken.
RENAMES = Limit("rename", parse("10 per day"))
# Each is hashed before strangers' passwords, also the right one.
CONFIRMATIONS = Limit("confirm", parse("30 per 15 minutes"))


def open_rate_limits(settings: Settings) -> "RateLimits | None":
    """None when they are switched off."""
    if not settings.rate_limits:
        return None
    secret = settings.secret_key.get_secret_value().encode()
    if settings.redis_url is None:
        warn_of_separate_counts()
        return RateLimits(secret)
    return RateLimits(secret, SharedCounters(settings.redis_url))


def warn_of_separate_counts() -> None:
    worker = current_worker()
    if worker and worker.config.workers > 1:
        log.warning(
            "Each of %d workers counts rate limits by itself without REDIS_URL",
            worker.config.workers,
        )


class RateLimits:
    """Counts in Redis if there is one, and in this process while Redis is away."""

    def __init__(self, secret: bytes, shared: SharedCounters | None = None) -> None:
        self._secret = secret
        self._shared = shared
        self._counters = Counters()
        self._hovers = Buckets(HOVERS_AT_ONCE, HOVERS_PER_S)
        self._shared_hovers = (
            SharedBuckets(self._hovers, shared, partial(self.key, "hover")) if shared else None
        )
        self.pages = Buckets(PAGES_AT_ONCE, PAGES_PER_S)

    def key(self, what: str, who: str) -> str:
        """The storage key: an HMAC of constant length, so that Redis holds no name or address."""
        return hmac.digest(self._secret, f"{what}\0{who}".encode(), "sha256").hex()

    async def wait_for(self, limit: Limit, who: str) -> float:
        """Count one: 0 if it is within the limit, else the seconds until one will be."""
        key = self.key(limit.what, who)

        async def hit(storage: Storage) -> float:
            windows = SlidingWindowCounterRateLimiter(storage)
            if await windows.hit(limit.item, key):
                return 0
            window = await windows.get_window_stats(limit.item, key)
            return window.reset_time - time() + JUST_AFTER_S

        return await self.ask(hit)

    async def wait_for_hover(self, token_hash: str) -> float:
        """The same for a hover, counted in a bucket, about which Redis hears afterwards."""
        if self._shared_hovers:
            return await self._shared_hovers.take(token_hash)
        return self._hovers.take(token_hash)

    def reporting(self) -> AbstractAsyncContextManager[None]:
        """Report hovers to Redis while the block runs."""
        if self._shared_hovers:
            return repeating(self._shared_hovers.report, REPORT_INTERVAL_S)
        return nullcontext()

    async def ask(self, question: Callable[[Storage], Awaitable[Answer]]) -> Answer:
        """What Redis answers; without it, or while it is away, what this process has counted."""
        if self._shared:
            with suppress(CountersAway):
                return await self._shared.ask(question)
        return await question(self._counters)

    async def seconds_left(self, storage: Storage, key: str) -> float:
        """How long the counter of this key lasts; 0 if there is none."""
        return max(0, await storage.get_expiry(key) - time()) if await storage.get(key) else 0

    async def close(self) -> None:
        if self._shared and self._shared_hovers:
            await self._shared_hovers.close()
            await self._shared.close()


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
        whole_s = ceil(wait_s)
        wait = in_words(whole_s)
        raise TooManyRequests(f"That was too often. Please try again in {wait}.", None, whole_s)
