"""Slows down password guessing: ten tries in a quarter of an hour, then growing pauses.

Source: OWASP Authentication Cheat Sheet, "Login Throttling"; ASVS 6.3.1. An account is never
locked for long, or else anybody could lock anybody out.
"""

from typing import Literal, NamedTuple

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


class Account(NamedTuple):
    """What passwords are guessed for. Each kind has counters of its own, whatever the text is."""

    kind: Literal["typed name", "person"]
    who: str


def account_named(name: str) -> Account:
    """The account of a sign-in form: what was typed, whether or not there is such a person.

    The answers are the same for both, and nobody learns which address belongs to which name by
    trying both.
    """
    return Account("typed name", name.strip().lower())


def account_of(user_id: int) -> Account:
    """The account of a signed-in person who is asked for the password once more."""
    return Account("person", str(user_id))


async def refuse_guessing(account: Account) -> None:
    """Before a password is verified: raises TooManyRequests after too many wrong ones."""
    if rate_limits := services().rate_limits:
        refuse_for(await Tries(rate_limits, account).wait())


async def forgive_tries(account: Account) -> None:
    """After the right password: the wrong ones before it were its owner's."""
    if rate_limits := services().rate_limits:
        await Tries(rate_limits, account).forget()


class Tries:
    """What has been tried on one account."""

    def __init__(self, rate_limits: RateLimits, account: Account) -> None:
        self._rate_limits = rate_limits
        self._tries = rate_limits.key(f"password try, {account.kind}", account.who)
        self._pause = rate_limits.key(f"password pause, {account.kind}", account.who)
        self._pauses = rate_limits.key(f"password pauses, {account.kind}", account.who)

    async def wait(self) -> float:
        """Count one try: 0 if it may go on, else the seconds until one may."""
        return await self._rate_limits.ask(self._wait)

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
        await self._rate_limits.ask(self._forget)

    async def _forget(self, storage: Storage) -> None:
        await SlidingWindowCounterRateLimiter(storage).clear(FREE_TRIES, self._tries)
        await storage.clear(self._pause)
        await storage.clear(self._pauses)
