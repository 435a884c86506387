"""Verifying passwords: on the sign-in page, and again before a dangerous change."""

from dataclasses import replace

from werkzeug.exceptions import TooManyRequests

from ..database import reading, writing
from ..web.addresses import client_network
from ..web.rate_limits import SIGN_INS_BY_ADDRESS, SIGN_INS_BY_PERSON, limit
from .devices import known_device
from .email_addresses import normalise_name
from .errors import WrongPassword
from .guessing import Counted, limit_tries, reset_tries
from .passwords import refuse_when_busy, verify_password
from .queries.people import (
    Credentials,
    select_credentials,
    select_credentials_of,
    update_password_hash,
)
from .sign_in_log import log_failed_sign_in


async def authenticate(name_or_email: str, password: str) -> Credentials:
    """The credentials of a person who signs in.

    Raises WrongPassword, also for an unknown name, TooManyRequests and HashingBusy.
    """
    name = normalise_name(name_or_email)
    async with reading() as db:
        credentials = await select_credentials(db, name)
    try:
        if credentials and (device := known_device(credentials)):
            await limit(SIGN_INS_BY_PERSON, str(credentials.user_id))
            return await _verify(credentials, password, Counted("device", device), is_known=True)
        await limit(SIGN_INS_BY_ADDRESS, client_network())
        return await _verify(credentials, password, Counted("name", name), is_known=False)
    except WrongPassword:
        log_failed_sign_in(name, "wrong-password" if credentials else "unknown-name")
        raise
    except TooManyRequests:
        log_failed_sign_in(name, "too-many-tries")
        raise


async def confirm(user_id: int, token_hash: str, password: str) -> Credentials:
    """The credentials of a signed-in person who enters the password once more.

    Guesses are limited as on the sign-in page, since the sign-in may be stolen; and by sign-in,
    so that its thief keeps nobody else from changing the password. Raises WrongPassword,
    TooManyRequests and HashingBusy.
    """
    async with reading() as db:
        credentials = await select_credentials_of(db, user_id)
    return await _verify(credentials, password, Counted("sign-in", token_hash), is_known=True)


async def _verify(
    credentials: Credentials | None, password: str, tries: Counted, *, is_known: bool
) -> Credentials:
    refuse_when_busy(is_known=is_known)  # first: to come at a busy time is no wrong try
    await limit_tries(tries)
    known = credentials.password_hash if credentials else None
    is_right, new_hash = await verify_password(password, known, is_known=is_known)
    if credentials is None or not is_right:
        raise WrongPassword()
    await reset_tries(tries)
    return await _renew(credentials, new_hash) if new_hash else credentials


async def _renew(credentials: Credentials, new_hash: str) -> Credentials:
    async with writing() as db:
        await update_password_hash(db, credentials.user_id, credentials.password_hash, new_hash)
    return replace(credentials, password_hash=new_hash)
