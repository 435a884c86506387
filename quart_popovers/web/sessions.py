"""Quart's cookie session, opened only when something touches it: a hover never does."""

from collections.abc import Callable, Iterator
from typing import Any

from quart import Quart
from quart.sessions import SecureCookieSessionInterface, SessionMixin
from quart.wrappers import BaseRequestWebsocket, Response
from werkzeug.wrappers import Response as WerkzeugResponse


class UnopenedSession(SessionMixin):
    """A session whose cookie is checked and read at the first touch."""

    modified = False

    def __init__(self, open_cookie: Callable[[], dict[str, Any]]) -> None:
        self._open_cookie = open_cookie
        self._content: dict[str, Any] | None = None

    @property
    def content(self) -> dict[str, Any]:
        if self._content is None:
            self.accessed = True
            self._content = self._open_cookie()
        return self._content

    def __getitem__(self, key: str) -> Any:
        return self.content[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.content[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.content[key]
        self.modified = True

    def clear(self) -> None:
        self.content.clear()
        self.modified = True  # also if nothing was left: what is in the browser may be rubbish

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)


class SessionOpenedOnTouch(SecureCookieSessionInterface):
    """Reads and writes the same cookie as Quart's own interface."""

    async def open_session(  # type: ignore[override]  # a session of our class, as documented
        self, app: Quart, request: BaseRequestWebsocket
    ) -> UnopenedSession:
        open_now = super().open_session

        def open_cookie() -> dict[str, Any]:
            # Quart's method awaits nothing: its coroutine ends at the first step.
            try:
                open_now(app, request).send(None)
            except StopIteration as opened:
                return dict(opened.value or {})
            raise RuntimeError("Quart's session waited for something")

        return UnopenedSession(open_cookie)

    async def save_session(
        self, app: Quart, session: SessionMixin, response: Response | WerkzeugResponse | None
    ) -> None:
        if session.accessed:
            await super().save_session(app, session, response)
