"""Limits on password guessing: ten tries in a quarter of an hour, then growing pauses.

Source: OWASP Authentication Cheat Sheet, "Login Throttling"; ASVS 6.3.1. An account is never
locked for long, and never for a browser that its owner has signed in with before (`devices.py`):
else anybody could lock anybody out.
"""

from typing import Literal, NamedTuple

from limits import parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from ..services import services
from ..web.rate_limits import RateLimits, Storage, refuse_for

# The tenth try is allowed, too, and begins the first pause.
FREE_TRIES = parse("9 per 15 minutes")
FIRST_PAUSE_S = 30
LONGEST_PAUSE_S = 15 * 60
# Pauses grow for a day, however slowly the guesses come.
PAUSES_COUNT_FOR_S = 24 * 3600


class Counted(NamedTuple):
    """What wrong passwords are counted by. Each kind has its counters, whatever the text is.

    A name is what was typed, whether or not there is such a person: the answers are the same for
    both, and nobody learns which address belongs to which username by trying both.
    """

    kind: Literal["name", "device", "sign-in"]
    who: str


async def limit_tries(counted: Counted) -> None:
    """Count one try, before the password is verified. Raises TooManyRequests."""
    if rate_limits := services().rate_limits:
        refuse_for(await Tries(rate_limits, counted).wait())


async def reset_tries(counted: Counted) -> None:
    """Forget the wrong passwords before the right one: they were the owner's."""
    if rate_limits := services().rate_limits:
        await Tries(rate_limits, counted).reset()


class Tries:
    """The counters of one name, device or sign-in."""

    def __init__(self, rate_limits: RateLimits, counted: Counted) -> None:
        self._rate_limits = rate_limits
        self._tries = rate_limits.key(f"password tries by {counted.kind}", counted.who)
        self._pause = rate_limits.key(f"password pause by {counted.kind}", counted.who)
        self._pauses = rate_limits.key(f"password pauses by {counted.kind}", counted.who)

    async def wait(self) -> float:
        """Count one try: 0 if it is allowed, else the seconds until one will be."""
        return await self._rate_limits.ask(self._wait)

    async def _wait(self, storage: Storage) -> float:
        pause_s = await self._rate_limits.seconds_left(storage, self._pause)
        if pause_s or await SlidingWindowCounterRateLimiter(storage).hit(FREE_TRIES, self._tries):
            return pause_s
        pauses = await storage.get(self._pauses)
        next_pause_s: int = min(FIRST_PAUSE_S * 2 ** min(pauses, 10), LONGEST_PAUSE_S)
        # Of several simultaneous tries, one begins the pause and is allowed.
        if await storage.incr(self._pause, next_pause_s) > 1:
            return next_pause_s
        await storage.incr(self._pauses, PAUSES_COUNT_FOR_S)
        return 0

    async def reset(self) -> None:
        await self._rate_limits.ask(self._reset)

    async def _reset(self, storage: Storage) -> None:
        await SlidingWindowCounterRateLimiter(storage).clear(FREE_TRIES, self._tries)
        await storage.clear(self._pause)
        await storage.clear(self._pauses)
