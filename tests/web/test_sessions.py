"""A session that is opened on touch: every answer is what Quart's own session would have given."""

from collections.abc import Callable

import pytest
from itsdangerous import URLSafeTimedSerializer
from quart import Quart, Response, session
from quart.sessions import SecureCookieSessionInterface
from werkzeug.datastructures import Headers

from quart_popovers.web.sessions import SessionOpenedOnTouch

KEPT = {"name": "ada", "colours": ["red"]}
VIEWS: dict[str, Callable[[], str]] = {}


def view(function: Callable[[], str]) -> Callable[[], str]:
    VIEWS[function.__name__] = function
    return function


@view
def leave_alone() -> str:
    return "nothing"


@view
def read_one() -> str:
    return str(session.get("name"))


@view
def read_all() -> str:
    return f"{sorted(session.items(), key=str)} {len(session)} {'name' in session}"


@view
def write_one() -> str:
    session["name"] = "bo"
    return "written"


@view
def write_inside() -> str:
    session.setdefault("colours", []).append("blue")
    session.modified = True
    return "written"


@view
def take_one() -> str:
    return str(session.pop("name", "none"))


@view
def clear() -> str:
    session.clear()
    return "cleared"


@view
def keep_for_long() -> str:
    session.permanent = True
    return str(session.permanent)


def make_app(interface: SecureCookieSessionInterface, answer: Callable[[], str]) -> Quart:
    app = Quart(__name__)
    app.secret_key = "a key that only this test would ever use"
    app.session_interface = interface

    async def show() -> Response:
        return Response(answer())

    app.get("/")(show)
    return app


async def ask(
    interface: SecureCookieSessionInterface, answer: Callable[[], str], cookie: str | None
) -> tuple[tuple[object, ...], str | None]:
    """The text and the session that the browser carries from now on; and who else may reuse it."""
    app = make_app(interface, answer)
    headers = Headers({"Cookie": f"session={cookie}"} if cookie is not None else {})
    response = await app.test_client().get("/", headers=headers)
    set_cookie = response.headers.get("Set-Cookie")
    carried, attributes = None, None
    if set_cookie:
        value, _, attributes = set_cookie.partition("; ")
        carried = value.partition("=")[2] and signed(app).loads(value.partition("=")[2])
        attributes = attributes.partition("Expires=")[0]  # the time of day is the request's own
    noticed = response.status_code, await response.get_data(), carried, attributes
    return noticed, response.headers.get("Vary")


def signed(app: Quart) -> URLSafeTimedSerializer:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer
    return serializer


COOKIES: dict[str, Callable[[], str | None]] = {
    "no cookie": lambda: None,
    "its cookie": lambda: str(signed(make_app(SessionOpenedOnTouch(), clear)).dumps(KEPT)),
    "an empty one": lambda: "",
    "a forged one": lambda: str(signed(make_app(SessionOpenedOnTouch(), clear)).dumps(KEPT))[:-2],
    "rubbish": lambda: "\u00e9 . . .",
}


@pytest.mark.parametrize("cookie", COOKIES)
@pytest.mark.parametrize("name", VIEWS)
async def test_an_answer_is_the_same_with_both_sessions(name: str, cookie: str) -> None:
    sent = COOKIES[cookie]()

    ours, ours_varies = await ask(SessionOpenedOnTouch(), VIEWS[name], sent)
    quarts, _varies = await ask(SecureCookieSessionInterface(), VIEWS[name], sent)

    assert ours == quarts
    # Quart promises so for every touch, and keeps it for changes only.
    assert ours_varies == (None if name == "leave_alone" else "Cookie")


async def test_a_session_that_nobody_touches_is_not_even_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_given: object) -> None:
        raise AssertionError("the signature was checked")

    monkeypatch.setattr(SessionOpenedOnTouch, "get_signing_serializer", refuse)

    (status, *_rest), _varies = await ask(SessionOpenedOnTouch(), leave_alone, "a cookie")
    (touched_status, *_rest), _varies = await ask(SessionOpenedOnTouch(), read_one, "a cookie")

    assert (status, touched_status) == (200, 500)
