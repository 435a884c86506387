"""The one guard over everything that changes something."""

import base64
import hashlib
import re

import pytest
from itsdangerous import TimestampSigner
from quart import Quart, g
from quart_auth import login_required
from sqlalchemy import select

from quart_popovers import create_app
from quart_popovers.models import Post
from quart_popovers.settings import Settings
from quart_popovers.web.csrf import CSRF_LIFETIME_S, EXPIRED, FORGED, shows_its_form_again
from tests.visitor import PASSWORD, Fetch, MakeUser, SignIn, Visitor


async def test_a_missing_token_answers_with_the_form_and_what_was_typed(
    sign_in: SignIn, fetch: Fetch
) -> None:
    ada = await sign_in("ada")

    page = await ada.post("/", body="hard to write again")

    assert (page.status, page.form_errors) == (400, [FORGED])
    assert page.value_of("body") == "hard to write again"
    assert await fetch(select(Post.id)) == []


async def test_an_expired_token_says_so_and_keeps_what_was_typed(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await sign_in("ada")
    form = await ada.get("/")
    later = TimestampSigner("any").get_timestamp() + CSRF_LIFETIME_S + 1
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: later)

    page = await ada.post("/", csrf_token=form.csrf_token, body="hard to write again")
    second_try = await ada.post("/", csrf_token=page.csrf_token, body="hard to write again")

    assert (page.status, page.form_errors) == (400, [EXPIRED])
    assert page.value_of("body") == "hard to write again"
    assert second_try.status == 303


@pytest.mark.parametrize("path", ["/register", "/login", "/edit-profile", "/", "/index"])
async def test_every_form_comes_back_with_its_token_renewed(sign_in: SignIn, path: str) -> None:
    ada = await sign_in("ada")
    visitor = ada if path in {"/", "/index", "/edit-profile"} else Visitor(ada.app)

    page = await visitor.post(path, csrf_token="expired", username="typed", about_me="typed")

    assert (page.status, page.form_errors) == (400, [EXPIRED])
    assert page.csrf_token != "expired"
    assert path in {"/", "/index"} or page.value_of("username") == "typed"


async def test_a_token_of_another_browser_is_refused(sign_in: SignIn) -> None:
    ada, bo = await sign_in("ada"), await sign_in("bo")
    of_bo = await bo.get("/")

    page = await ada.post("/", csrf_token=of_bo.csrf_token, body="forged")

    assert page.status == 400


async def test_a_token_of_a_guest_is_invalid_after_signing_in(
    app: Quart, make_user: MakeUser
) -> None:
    await make_user("ada")
    visitor = Visitor(app)
    form = await visitor.get("/login")
    await visitor.post("/login", csrf_token=form.csrf_token, username="ada", password=PASSWORD)

    page = await visitor.post("/", csrf_token=form.csrf_token, body="forged")

    assert page.status == 400


async def test_a_script_may_send_the_token_as_a_header(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    form = await ada.get("/")

    page = await ada.post_by_script("/", form.csrf_token, body="by script")

    assert page.status == 303


async def test_a_token_in_the_address_is_no_token(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    form = await ada.get("/")

    page = await ada.post(f"/?csrf_token={form.csrf_token}", body="leaked")

    assert page.status == 400


async def test_a_route_without_a_form_answers_a_missing_token_with_a_page(
    sign_in: SignIn,
) -> None:
    ada = await sign_in("ada")

    page = await ada.post("/logout")

    assert page.status == 400
    assert re.search(r"<p>This form could not be verified", page.text)
    assert (await ada.get("/")).status == 200


async def test_a_token_lasts_twelve_hours(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await sign_in("ada")
    token, issued_at = (await ada.get("/")).csrf_token, TimestampSigner("any").get_timestamp()

    statuses = []
    for age_s in (12 * 3600 - 60, 12 * 3600 + 60):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: issued_at + age_s)  # noqa: B023
        statuses.append((await ada.post("/", csrf_token=token, body=f"after {age_s} s")).status)

    assert statuses == [303, 400]


async def test_a_token_is_signed_with_sha256(visitor: Visitor) -> None:
    token = (await visitor.get("/login")).csrf_token

    signature = token.rpartition(".")[2]

    assert len(base64.urlsafe_b64decode(signature + "=")) == hashlib.sha256().digest_size


async def test_a_signed_in_person_needs_no_session_cookie_for_a_form(
    visitor: Visitor, make_user: MakeUser
) -> None:
    """The token is bound to the sign-in."""
    await make_user("ada")
    await visitor.follow(await visitor.sign_in("ada"))  # shows the welcome, so that it is gone

    page = await visitor.get("/edit-profile")

    assert page.csrf_token
    assert "session" not in [cookie.name for cookie in visitor.client.cookie_jar or ()]


async def test_the_mark_of_a_form_view_survives_decorators_on_both_sides(
    settings: Settings, make_user: MakeUser
) -> None:
    await make_user("ada")
    app = create_app(settings)

    @login_required
    @shows_its_form_again
    @login_required
    async def show() -> str:
        return str(g.csrf_problem)

    app.post("/any-form")(show)
    async with app.test_app():
        ada = Visitor(app)
        await ada.sign_in("ada")

        page = await ada.post("/any-form")

    assert (page.status, page.text) == (200, FORGED)


async def test_pages_without_a_form_give_a_guest_no_cookie(visitor: Visitor) -> None:
    pages = [await visitor.get(path) for path in ("/healthz", "/no-such-page")]

    assert [page.set_cookies for page in pages] == [(), ()]


async def test_a_form_with_a_refused_token_is_given_back_unprocessed(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    typed = "  e\u0301\n\n\n\n b "

    page = await ada.post("/", csrf_token="forged", body=typed)

    assert page.status == 400
    assert page.value_of("body") == typed
    assert page.errors_beside("body") == ""
