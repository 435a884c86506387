"""Sign-ins and the viewer: a sign-in is a row, and its cookie carries the row's token."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from secrets import token_urlsafe
from time import monotonic

from quart import Quart, request, session
from quart_auth import (
    AuthUser,
    QuartAuth,
    Unauthorized,
    current_user,
    login_user,
    logout_user,
)
from sqlalchemy.ext.asyncio import AsyncSession

from ..database import writing
from ..services import services
from .browsers import LONGEST_USER_AGENT
from .devices import issue_device_cookie
from .queries.people import Credentials, Viewer
from .queries.sign_ins import (
    delete_sign_in,
    delete_surplus_sign_ins,
    insert_sign_in,
    select_viewer,
    select_viewer_in,
)

# Signatures are verified again after a minute, so a cookie outlives its 30 days by no more.
KNOWN_FOR_S = 60
MOST_KNOWN_COOKIES = 10_000
# This site's have 154. Decoding skips what is no letter of Base64, so a valid signature stays valid
# with any number of such characters in it: long copies of one cookie would fill the memory.
LONGEST_COOKIE = 256


def hash_token(token: str) -> str:
    """The form in which tokens are stored: a stolen database signs nobody in."""
    return sha256(token.encode()).hexdigest()


class Browser(AuthUser):
    """quart-auth's user: the token in the cookie, and the viewer behind it, looked up once."""

    _viewer: Viewer | None = None
    _is_looked_up = False

    @property
    def token_hash(self) -> str | None:
        return self.auth_id and hash_token(self.auth_id)

    async def viewer(self) -> Viewer | None:
        if not self._is_looked_up:
            # Set before the query, so that the error page of a failed one does not repeat it.
            self._is_looked_up = True
            if self.token_hash:
                self._viewer = await select_viewer(self.token_hash)
            if self._viewer:
                self.note_seen(self._viewer.id)
        return self._viewer

    def note_seen(self, user_id: int) -> None:
        """Note the time for this person's and this browser's `last_seen`."""
        services().last_seen.note(self.token_hash or "", user_id)

    @property
    async def is_authenticated(self) -> bool:
        return await self.viewer() is not None


class CachedQuartAuth(QuartAuth):
    """quart-auth, with the signatures that were verified within the last minute remembered."""

    user_class = Browser

    def __init__(self, app: Quart) -> None:
        super().__init__(app)
        self._known: dict[str, tuple[str, float]] = {}

    def load_token(self, token: str, app: Quart | None = None) -> str | None:
        if len(token) > LONGEST_COOKIE:
            return None
        auth_id, known_until = self._known.get(token, (None, 0.0))
        if monotonic() < known_until:
            return auth_id
        auth_id = super().load_token(token, app)
        if auth_id is not None:
            if len(self._known) >= MOST_KNOWN_COOKIES:
                self._known.clear()
            self._known[token] = (auth_id, monotonic() + KNOWN_FOR_S)
        return auth_id


def current_browser() -> Browser:
    # The object behind the proxy, with the type that quart-auth does not know.
    browser: Browser = current_user._get_current_object()  # type: ignore[attr-defined]
    return browser


async def current_viewer_or_guest() -> Viewer | None:
    """The signed-in person; None for a guest."""
    return await current_browser().viewer()


async def current_viewer() -> Viewer:
    """The signed-in person. Raises Unauthorized for a guest."""
    viewer = await current_viewer_or_guest()
    if viewer is None:
        raise Unauthorized()
    return viewer


@asynccontextmanager
async def writing_as_viewer() -> AsyncIterator[tuple[AsyncSession, Viewer]]:
    """A transaction in the name of the signed-in person, who is looked up inside it.

    Between the start of a request and its write, a sign-in may be ended and a name may change
    hands: a client can hold its request open, and password hashing waits in a queue. What is
    written in somebody's name therefore never relies on an earlier look-up. This costs one query
    by primary key a write. Raises Unauthorized when the sign-in has ended meanwhile.
    """
    async with writing() as db:
        viewer = await select_viewer_in(db, current_browser().token_hash or "")
        if viewer is None:
            raise Unauthorized()
        yield db, viewer


async def sign_in(credentials: Credentials, *, remember_me: bool) -> None:
    """Give this browser a new token: for 30 days, or until it is closed.

    The previous token and session, which somebody else may know, become invalid.
    Raises WrongPassword when the credentials are no longer valid.
    """
    token = token_urlsafe(32)
    token_hash = hash_token(token)
    async with writing() as db:
        await delete_sign_in(db, current_browser().token_hash or "")
        await insert_sign_in(db, token_hash, credentials, browser_name())
        await delete_surplus_sign_ins(db, credentials.user_id, token_hash)
    session.clear()
    login_user(Browser(token), remember=remember_me)
    issue_device_cookie(credentials)


def browser_name() -> str:
    """The User-Agent header, cut and without control characters."""
    name = request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT]
    return "".join(character for character in name if character.isprintable())


async def sign_out() -> None:
    """End this browser's sign-in. Copies of its cookie are invalid from now on."""
    token_hash = current_browser().token_hash
    if token_hash:
        async with writing() as db:
            await delete_sign_in(db, token_hash)
        logout_user()
