"""Refuses the passwords that guessers try first."""

import asyncio
from functools import cache

TOO_COMMON = (
    "This is one of the most common passwords, and so one of the first that others try. "
    "Three words that have nothing to do with each other are better, and easy to remember."
)
NO_SECRET = "Your username and your email address are no secrets: please choose something else."


async def explain_weakness(password: str, username: str, email: str) -> str | None:
    """Why this person should not have this password; None if there is nothing against it.

    Source: OWASP ASVS 6.2.4 (at least the 3,000 most common ones that the length allows; the
    list has 11,600) and 6.2.11 (nothing about the person).
    """
    given = password.strip().casefold()
    address = email.casefold()
    if given in {username.casefold(), address, address.partition("@")[0]}:
        return NO_SECRET
    common = await asyncio.to_thread(common_passwords)
    return TOO_COMMON if given in common else None


@cache
def common_passwords() -> frozenset[str]:
    """The list that zxcvbn carries, from leaked ones, in lower case.

    Its estimator would find more of them, but a password made to keep it busy does so for two
    seconds, in which this process does little else. Imported at the first use, which takes 30 ms
    and 14 MB: a site at which nobody registers needs neither.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    return frozenset(FREQUENCY_LISTS["passwords"])
