"""What holds for every route there is, so that none can forget it."""

from collections.abc import Iterator

import pytest
from quart import Quart
from sqlalchemy import select

from quart_popovers.models import Base
from tests.visitor import PASSWORD, Fetch, MakePost, MakeUser, SignIn, Visitor

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
FOR_GUESTS = {
    "accounts.register",
    "accounts.log_in",
    "avatars.show",
    "health.check",
    "accounts.find_password_page",  # only leads to a page that refuses
}
FILES = {"favicon", "robots", "static", "static_of_another_version"}
# Answers a guest with a status; a redirect would put the sign-in page into a card.
WITHOUT_REDIRECT = {"hovercards.show"}
# Whatever a form may be asked for, filled in well.
FIELDS = {
    "body": "forged",
    "username": "forged",
    "email": "forged@example.com",
    "about_me": "forged",
    "password": PASSWORD,
    "current_password": PASSWORD,
    "new_password": "another good password",
    "confirm_password": "another good password",
}


def routes(app: Quart) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address of every route; `bo` stands for whatever it names."""
    for rule in app.url_map.iter_rules():
        names = dict.fromkeys(rule.arguments, "bo")
        with_names = app.url_map.bind("localhost").build(rule.endpoint, names)
        address = rule.rule if not names else with_names
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address


async def test_every_route_outside_a_short_list_refuses_a_guest(
    app: Quart, make_user: MakeUser
) -> None:
    await make_user("bo")
    visitor = Visitor(app)
    token = (await visitor.get("/login")).csrf_token

    answers = {}
    for endpoint, method, address in routes(app):
        if endpoint not in FOR_GUESTS | FILES:
            is_safe = method in SAFE_METHODS
            page = await (
                visitor.get(address) if is_safe else visitor.post(address, csrf_token=token)
            )
            answers[endpoint, method] = page.status, (page.location or "").split("?")[0]

    refused = {True: (401, ""), False: (303, "/login")}
    assert answers
    assert answers == {it: refused[it[0] in WITHOUT_REDIRECT] for it in answers}


def test_the_list_of_routes_for_guests_names_no_other(app: Quart) -> None:
    assert {endpoint for endpoint, *_ in routes(app)} >= FOR_GUESTS | FILES | WITHOUT_REDIRECT


@pytest.mark.parametrize("token", [{}, {"csrf_token": "forged"}])
async def test_every_unsafe_route_refuses_a_bad_token_and_changes_nothing(
    sign_in: SignIn,
    make_user: MakeUser,
    make_post: MakePost,
    fetch: Fetch,
    token: dict[str, str],
) -> None:
    await make_post(await make_user("bo"))
    ada = await sign_in("ada")
    guest = Visitor(ada.app)
    before = await everything(fetch)

    answers = {}
    for endpoint, method, address in routes(ada.app):
        if method not in SAFE_METHODS:
            visitor = guest if endpoint in FOR_GUESTS else ada
            answers[endpoint, method] = (await visitor.post(address, **FIELDS, **token)).status

    assert answers
    assert answers == dict.fromkeys(answers, 400)
    assert await everything(fetch) == before
    assert (await ada.get("/")).status == 200


async def everything(fetch: Fetch) -> list[list[object]]:
    return [await fetch(select(table)) for table in Base.metadata.sorted_tables]


async def test_no_page_writes_anything_by_being_looked_at(
    app: Quart, sign_in: SignIn, statements: list[str]
) -> None:
    ada = await sign_in("ada")
    statements.clear()

    for endpoint, method, address in routes(app):
        if method in SAFE_METHODS and endpoint not in FILES:
            await ada.get(address.replace("bo", "ada"))

    assert statements
    assert [it for it in statements if it.startswith(("INSERT", "UPDATE", "DELETE"))] == []
