"""What the browser says about where a request comes from, and GET, which changes nothing."""

import re

import pytest
from quart import Quart
from sqlalchemy import select

from quart_popovers import create_app
from quart_popovers.models import Post, User
from quart_popovers.settings import Settings
from quart_popovers.web.csrf import FOREIGN, SAFE_METHODS
from tests.visitor import PASSWORD, Fetch, MakePost, MakeUser, SignIn, Visitor

READS = ("SELECT", "BEGIN", "PRAGMA", "WITH")

FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},  # another host of the same domain is another site
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://evil.localhost"},
    {"Origin": "null"},
    {"Origin": ""},
]
FROM_HERE = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Origin": "http://localhost"},
    {},
]


async def send(
    visitor: Visitor, path: str, headers: dict[str, str], fields: dict[str, str]
) -> tuple[int, str]:
    """Status and text of the answer to a form sent with these headers."""
    response = await visitor.client.post(path, headers=headers, form=fields)
    return response.status_code, str(await response.get_data(as_text=True))


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
async def test_a_change_from_another_site_is_refused_though_its_token_is_right(
    sign_in: SignIn, fetch: Fetch, headers: dict[str, str]
) -> None:
    ada = await sign_in("ada")
    token = (await ada.get("/")).csrf_token

    status, text = await send(ada, "/", headers, {"csrf_token": token, "body": "Forged"})

    assert status == 403
    assert FOREIGN in text
    assert await fetch(select(Post.id)) == []


@pytest.mark.parametrize("headers", FROM_HERE)
async def test_a_change_from_this_site_is_made(
    sign_in: SignIn, fetch: Fetch, headers: dict[str, str]
) -> None:
    ada = await sign_in("ada")
    token = (await ada.get("/")).csrf_token

    status, _text = await send(ada, "/", headers, {"csrf_token": token, "body": "Mine"})

    assert status == 303
    assert await fetch(select(Post.body)) == [("Mine",)]


async def test_behind_a_proxy_the_site_is_what_visitors_call_it(
    settings: Settings, make_user: MakeUser
) -> None:
    await make_user("ada")
    app = create_app(settings.model_copy(update={"trusted_proxies": 1}))
    forwarded = {"X-Forwarded-Host": "social.example", "Origin": "https://social.example"}
    async with app.test_app():
        visitor = Visitor(app)
        form = await visitor.get("/login", {"X-Forwarded-Host": "social.example"})
        fields = {"csrf_token": form.csrf_token, "username": "ada", "password": PASSWORD}

        status, _text = await send(visitor, "/login", forwarded, fields)

    assert status == 303


async def test_a_link_from_another_site_is_followed(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/user/ada", {"Sec-Fetch-Site": "cross-site"})

    assert page.status == 200


def routes(app: Quart) -> list[tuple[str, str]]:
    """Every route with every method that it takes, its parts filled in."""
    filled = {"username": "bo", "filename": "site.css", "_version": "x", "key": "0" * 32}
    return [
        (method, re.sub(r"<(?:\w+:)?(\w+)>", lambda it: filled[it[1]], rule.rule))
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
    ]


async def test_no_route_writes_to_the_database_when_it_is_only_read(
    app: Quart, sign_in: SignIn, make_user: MakeUser, make_post: MakePost, statements: list[str]
) -> None:
    await make_post(await make_user("bo"))
    ada = await sign_in("ada")
    read = [(method, path) for method, path in routes(app) if method in SAFE_METHODS]
    statements.clear()

    for visitor in (ada, Visitor(app)):
        for method, path in read:
            request = visitor.client.head if method == "HEAD" else visitor.client.get
            response = await (visitor.client.options if method == "OPTIONS" else request)(path)

            assert response.status_code < 500, path
            written = [it for it in statements if not it.lstrip().upper().startswith(READS)]
            assert written == [], path
    assert len(read) > 20


async def test_every_route_that_writes_refuses_another_site(app: Quart, sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    token = (await ada.get("/")).csrf_token
    writing = [(method, path) for method, path in routes(app) if method not in SAFE_METHODS]

    for method, path in writing:
        headers = {"Sec-Fetch-Site": "cross-site", "X-CSRF-Token": token}
        assert method == "POST"
        response = await ada.client.post(path, headers=headers)

        assert response.status_code == 403, path
    assert len(writing) > 8


async def test_the_names_of_methods_are_not_mistaken(sign_in: SignIn, fetch: Fetch) -> None:
    """What a form of another site can send is GET and POST; nothing turns one into another."""
    ada = await sign_in("ada")
    before = await fetch(select(User.about_me))

    for override in ({"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "POST"}):
        page = await ada.get("/logout?_method=POST", override)

        assert page.status == 405
    assert (await ada.get("/")).status == 200
    assert await fetch(select(User.about_me)) == before
