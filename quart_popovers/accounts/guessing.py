"""Slows down who guesses passwords: ten tries in a quarter of an hour, then growing pauses.

Source: OWASP Authentication Cheat Sheet, "Login Throttling"; ASVS 6.3.1. An account is never
locked for long, or else anybody could lock anybody out.
"""

from limits import parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from ..services import services
from ..web.rate_limits import RateLimits, Storage, refuse_for

# The tenth try is let through too, and begins the first pause.
FREE_TRIES = parse("9 per 15 minutes")
FIRST_PAUSE_S = 30
LONGEST_PAUSE_S = 15 * 60
# Pauses go on growing for a day, however slowly the guesses come.
PAUSES_COUNT_FOR_S = 24 * 3600


async def refuse_guessing(account: str) -> None:
    """Before a password is looked at: raises TooManyRequests after too many wrong ones.

    `account` is what was typed as a name, whether or not there is such a person: the answers are
    the same, and nobody learns which address belongs to which name by trying both.
    """
    if rate_limits := services().rate_limits:
        refuse_for(await Tries(rate_limits, account).wait())


async def forgive_tries(account: str) -> None:
    """After the right password: the wrong ones before it were its owner's."""
    if rate_limits := services().rate_limits:
        await Tries(rate_limits, account).forget()


class Tries:
    """What has been tried on one account."""

    def __init__(self, rate_limits: RateLimits, account: str) -> None:
        self._rate_limits = rate_limits
        account = account.strip().lower()
        self._tries = rate_limits.key("password try", account)
        self._pause = rate_limits.key("password pause", account)
        self._pauses = rate_limits.key("password pauses", account)

    async def wait(self) -> float:
        """Count one try: 0 if it may go on, else the seconds until one may."""
        return await self._rate_limits.ask(self._wait, otherwise=0)

    async def _wait(self, storage: Storage) -> float:
        pause_s = await self._rate_limits.seconds_left(storage, self._pause)
        if pause_s or await SlidingWindowCounterRateLimiter(storage).hit(FREE_TRIES, self._tries):
            return pause_s
        pauses = await storage.incr(self._pauses, PAUSES_COUNT_FOR_S)
        next_pause_s = min(FIRST_PAUSE_S * 2 ** min(pauses - 1, 10), LONGEST_PAUSE_S)
        # Of several tries at the same instant, the one that begins the pause goes on.
        is_first = await storage.incr(self._pause, next_pause_s) == 1
        return 0 if is_first else next_pause_s

    async def forget(self) -> None:
        await self._rate_limits.ask(self._forget, otherwise=None)

    async def _forget(self, storage: Storage) -> None:
        await SlidingWindowCounterRateLimiter(storage).clear(FREE_TRIES, self._tries)
        await storage.clear(self._pause)
        await storage.clear(self._pauses)
