"""Verifying passwords: on the sign-in page, and again before a dangerous change."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from ..database import reading, writing
from .errors import WrongPassword
from .guessing import Account, account_named, account_of, forgive_tries, refuse_guessing
from .passwords import refuse_when_busy, verify_password
from .queries.people import (
    Credentials,
    select_credentials,
    select_credentials_of,
    update_password_hash,
)

Select = Callable[[AsyncSession], Awaitable[Credentials | None]]


async def authenticate(name_or_email: str, password: str) -> Credentials:
    """The credentials of a person who signs in.

    Raises WrongPassword, also for an unknown name, TooManyRequests and HashingBusy.
    """
    return await _verify(
        account_named(name_or_email),
        lambda db: select_credentials(db, name_or_email),
        password,
        is_known=False,
    )


async def confirm(user_id: int, password: str) -> Credentials:
    """The credentials of a signed-in person who enters the password once more.

    Guesses are limited as on the sign-in page: the sign-in may be stolen. Raises WrongPassword,
    TooManyRequests and HashingBusy.
    """
    return await _verify(
        account_of(user_id),
        lambda db: select_credentials_of(db, user_id),
        password,
        is_known=True,
    )


async def _verify(
    account: Account, select: Select, password: str, *, is_known: bool
) -> Credentials:
    refuse_when_busy(is_known=is_known)  # first: to come at a busy time is no wrong try
    await refuse_guessing(account)
    async with reading() as db:
        credentials = await select(db)
    known = credentials.password_hash if credentials else None
    is_right, new_hash = await verify_password(password, known, is_known=is_known)
    if credentials is None or not is_right:
        raise WrongPassword()
    await forgive_tries(account)
    return await _renew(credentials, new_hash) if new_hash else credentials


async def _renew(credentials: Credentials, new_hash: str) -> Credentials:
    async with writing() as db:
        await update_password_hash(db, credentials.user_id, credentials.password_hash, new_hash)
    return replace(credentials, password_hash=new_hash)
