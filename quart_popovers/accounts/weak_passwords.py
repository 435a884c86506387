"""Weak passwords: common ones, and the person's own name and address."""

import asyncio
from functools import cache

TOO_COMMON = (
    "This is one of the most common passwords, which attackers try first. "
    "Three unrelated words are better, and easy to remember."
)
NO_SECRET = "Please choose something other than your username or email address."


async def explain_weakness(password: str, username: str, email: str) -> str | None:
    """Why this password is too weak for this person; None if it is not.

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
    """The list in zxcvbn, taken from leaked passwords, in lower case.

    Its estimator finds more weak passwords, but one made for the purpose keeps it busy for two
    seconds. Imported at the first use, which takes 30 ms and 14 MB.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415

    return frozenset(FREQUENCY_LISTS["passwords"])
