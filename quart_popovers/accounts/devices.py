"""Device cookies: browsers in which a person has signed in before.

Wrong passwords make everybody wait who types the same name (`guessing.py`). So that nobody can
lock an owner out, a browser with a device cookie of the account has its own counters, with the same
limits: a stolen device cookie allows that many guesses and no more.

Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

from hashlib import sha256
from secrets import token_urlsafe

from itsdangerous import BadSignature, TimestampSigner
from quart import after_this_request, current_app, request
from quart.typing import ResponseTypes

from .queries.people import Credentials

# Browsers keep a cookie for 400 days at most; each sign-in issues a new one.
DEVICE_LIFETIME_S = 365 * 24 * 3600


def known_device(credentials: Credentials) -> str | None:
    """The nonce of this browser's device cookie, if it is valid for this account."""
    cookie = request.cookies.get(current_app.config["DEVICE_COOKIE_NAME"], "")
    try:
        return _signer(credentials).unsign(cookie, max_age=DEVICE_LIFETIME_S).decode()
    except BadSignature:
        return None


def issue_device_cookie(credentials: Credentials) -> None:
    """Give this browser a device cookie, after the password was verified."""
    cookie = _signer(credentials).sign(token_urlsafe(16)).decode()

    @after_this_request
    async def set_cookie(response: ResponseTypes) -> ResponseTypes:
        response.set_cookie(
            current_app.config["DEVICE_COOKIE_NAME"],
            cookie,
            max_age=DEVICE_LIFETIME_S,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _signer(credentials: Credentials) -> TimestampSigner:
    # The account is in the key of the signature, so the cookie tells nobody whose it is. So is
    # the password's hash: a new password ends the trust in all browsers, a thief's included.
    salt = f"device {credentials.user_id} {credentials.password_hash}"
    return TimestampSigner(str(current_app.secret_key), salt=salt, digest_method=sha256)
