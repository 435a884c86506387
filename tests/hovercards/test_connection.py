"""The short way of a hover: every answer is what the long way would have been."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Set

import pytest
from quart import Quart
from quart.asgi import ASGIHTTPConnection
from sqlalchemy import text
from werkzeug.exceptions import HTTPException, ServiceUnavailable, TooManyRequests
from werkzeug.wrappers import Response as WerkzeugResponse

from quart_popovers.database import Database, DatabaseAway
from quart_popovers.hovercards.connection import HoverConnection
from quart_popovers.hovercards.loader import CardLoader, SelectBatch
from quart_popovers.hovercards.queries import Answer, Hover
from quart_popovers.services import services
from tests.statements import hear_statements
from tests.visitor import MakeUser, Page, SignIn, Visitor

# Each request has its own.
OWN = {"x-request-id"}

Ask = Callable[[], Awaitable[Page]]


async def both_ways(app: Quart, ask: Ask) -> tuple[Page, Page]:
    app.asgi_http_class = ASGIHTTPConnection
    long_way = await ask()
    app.asgi_http_class = HoverConnection
    return await ask(), long_way


def assert_same(short_way: Page, long_way: Page) -> None:
    assert (short_way.status, short_way.text) == (long_way.status, long_way.text)
    assert {name: value for name, value in short_way.headers.items() if name not in OWN} == {
        name: value for name, value in long_way.headers.items() if name not in OWN
    }


@pytest.mark.parametrize(
    ("path", "status"),
    [("/user/bo/popup", 200), ("/user/nobody/popup", 404), ("/user/-/popup", 404)],
)
async def test_a_card_and_a_missing_person_are_the_same_both_ways(
    app: Quart, sign_in: SignIn, make_user: MakeUser, path: str, status: int
) -> None:
    await make_user("bo", about_me="Ünïcode & <tags>")
    ada = await sign_in("ada")

    short_way, long_way = await both_ways(app, lambda: ada.get(path))

    assert short_way.status == status
    assert_same(short_way, long_way)


async def test_an_unchanged_card_is_the_same_both_ways(app: Quart, sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    etag = (await ada.get("/user/ada/popup")).headers["etag"]

    short_way, long_way = await both_ways(
        app, lambda: ada.get("/user/ada/popup", headers={"If-None-Match": etag})
    )

    assert short_way.status == 304
    assert_same(short_way, long_way)


async def test_a_guest_is_refused_the_same_both_ways(app: Quart, visitor: Visitor) -> None:
    short_way, long_way = await both_ways(app, lambda: visitor.get("/user/ada/popup"))

    assert short_way.status == 401
    assert_same(short_way, long_way)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ServiceUnavailable(retry_after=1), 503),
        (TooManyRequests(retry_after=7), 429),
        (DatabaseAway("ConnectionRefusedError"), 503),
        (TimeoutError(), 500),
    ],
)
async def test_an_error_is_the_same_both_ways(
    app: Quart, sign_in: SignIn, error: Exception, status: int
) -> None:
    ada = await sign_in("ada")
    services(app).card_loader = CardLoader(failing_with(error))

    short_way, long_way = await both_ways(app, lambda: ada.get("/user/ada/popup"))

    assert (short_way.status, "retry-after" in short_way.headers) == (status, status != 500)
    assert_same(short_way, long_way)


async def test_a_response_that_travels_as_an_exception_is_sent(app: Quart, sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    services(app).card_loader = CardLoader(failing_with(HTTPException(response=teapot())))

    short_way, long_way = await both_ways(app, lambda: ada.get("/user/ada/popup"))

    assert (short_way.status, short_way.text) == (418, "A teapot")
    assert_same(short_way, long_way)


def teapot() -> WerkzeugResponse:
    return WerkzeugResponse("A teapot", 418)


def failing_with(error: Exception) -> SelectBatch:
    """A query that ends with this error."""

    async def select_batch(_hovers: Set[Hover]) -> Mapping[Hover, Answer]:
        raise error

    return select_batch


async def test_only_popups_take_the_short_way(sign_in: SignIn) -> None:
    """A page keeps its session, its hooks and its form: posting goes on working."""
    ada = await sign_in("ada")

    posted = await ada.submit("/", body="The long way")

    assert posted.status == 303


async def test_a_hover_saves_no_session_and_sets_no_cookie(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    await ada.submit("/", body="Leaves a message in the session")

    card = await ada.get("/user/ada/popup")
    feed = await ada.get("/")

    assert "set-cookie" not in card.headers
    assert feed.flashes == ["Your comment is posted."]


@pytest.mark.parametrize(("people", "most_queries"), [(256, 3), (1, 2)])
async def test_256_hovers_at_once_share_a_few_queries(
    database: Database, sign_in: SignIn, make_user: MakeUser, people: int, most_queries: int
) -> None:
    for n in range(people):
        await make_user(f"person{n}")
    ada = await sign_in("ada")

    with hear_statements(database) as statements:
        cards = await asyncio.gather(
            *(ada.get(f"/user/person{n % people}/popup") for n in range(256))
        )

    assert {card.status for card in cards} == {200}
    # PostgreSQL's driver asks for types as well, once a connection.
    card_queries = [statement for statement in statements if "JOIN users" in statement]
    assert 1 <= len(card_queries) <= most_queries


async def test_an_edit_that_was_saved_before_the_hover_is_in_its_answer(
    database: Database, sign_in: SignIn
) -> None:
    ada = await sign_in("ada")
    await ada.get("/user/ada/popup")
    async with database.writer.begin() as other_worker:
        await other_worker.execute(text("UPDATE users SET about_me = 'Edited elsewhere'"))

    card = await ada.get("/user/ada/popup")

    assert "Edited elsewhere" in card.text
