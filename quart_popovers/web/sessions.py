"""Quart's cookie session, which only pages have."""

from quart import Quart
from quart.sessions import SecureCookieSession, SecureCookieSessionInterface
from quart.wrappers import BaseRequestWebsocket

from .popups import is_popup


class PageSessionInterface(SecureCookieSessionInterface):
    """Opens no session for a hover, which needs none: verifying the cookie takes 60 µs."""

    async def open_session(
        self, app: Quart, request: BaseRequestWebsocket
    ) -> SecureCookieSession | None:
        # For None Quart provides a session that is empty, refuses changes and is never saved.
        return None if is_popup(request.path) else await super().open_session(app, request)
