"""CSRF protection: one check before every unsafe request, so that no route can omit it."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from secrets import token_urlsafe
from typing import TypeVar

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner
from quart import current_app, g, request, session
from quart_auth import current_user
from werkzeug.exceptions import BadRequest, Forbidden

# Long enough for a form left open over a working day, short enough to bound a leaked token.
CSRF_LIFETIME_S = 12 * 3600

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
EXPIRED = "This form has expired. Nothing is lost: please send it again."
FORGED = "This form could not be verified. Please send it again."
FOREIGN = "This request came from another site. Nothing was changed."

View = TypeVar("View", bound=Callable[..., Awaitable[object]])


class FormRefused(BadRequest):
    """A missing, foreign or expired CSRF token; the description tells the visitor what to do."""


def csrf_token() -> str:
    """The token for all forms of a page: random, signed, bound to this sign-in or session.

    Source: OWASP CSRF Prevention Cheat Sheet, signed double-submit cookie.
    """
    if "page_token" not in g:
        if current_user.auth_id is None and "csrf" not in session:
            session["csrf"] = token_urlsafe(16)
        g.page_token = _signer().sign(token_urlsafe(16)).decode()
    token: str = g.page_token
    return token


def shows_its_form_again(view: View) -> View:
    """Mark a view whose `PageForm` answers a refused token with the form and what was typed."""
    # An attribute, which `functools.wraps` copies: decorators may come in any order.
    view.shows_its_form_again = True  # type: ignore[attr-defined]
    return view


async def refuse_forged_requests() -> None:
    """Before every request: a change needs a valid token, as field or `X-CSRF-Token` header."""
    if request.method in SAFE_METHODS or request.routing_exception is not None:
        return
    if _comes_from_another_site():
        raise Forbidden(FOREIGN)
    # The form is read even when the header is enough: a client may send the body late, and what a
    # view looks up must not become stale while it waits for the body.
    form = await request.form
    token = request.headers.get("X-CSRF-Token") or form.get("csrf_token", "")
    g.csrf_token = token
    g.csrf_problem = _problem_with(token)
    view = current_app.view_functions[request.endpoint or ""]
    if g.csrf_problem and not getattr(view, "shows_its_form_again", False):
        raise FormRefused(g.csrf_problem)


def _comes_from_another_site() -> bool:
    """Whether the browser says so. Without these headers, the token decides.

    Source: Fetch Metadata (W3C), checked in the order of Go's `http.CrossOriginProtection`.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # `none` is a person's own action, such as sending a form again after a restart.
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


def _problem_with(token: str) -> str | None:
    try:
        _signer().unsign(token, max_age=CSRF_LIFETIME_S)
    except SignatureExpired:
        return EXPIRED
    except BadSignature:
        # Also a token from before a sign-in or sign-out: sending the form again is enough.
        return EXPIRED if token else FORGED
    return None


def _signer() -> TimestampSigner:
    browser = current_user.auth_id or session.get("csrf", "")
    return TimestampSigner(
        str(current_app.secret_key), salt=f"csrf {browser}", digest_method=sha256
    )
