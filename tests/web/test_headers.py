"""Headers that every answer carries."""

import pytest

from quart_popovers import create_app
from quart_popovers.settings import Settings
from quart_popovers.web.static_files import STATIC_URL_PATH
from tests.visitor import MakeUser, SignIn, Visitor

EVERYWHERE = ["/login", "/no-such-page", "/healthz", "/", f"{STATIC_URL_PATH}/site.css"]


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_is_protected(visitor: Visitor, path: str) -> None:
    page = await visitor.get(path)

    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in page.headers


async def test_a_page_of_somebody_is_kept_by_no_shared_cache(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    ada = await sign_in("ada")

    await make_user("bo")
    pages = [await ada.get(path) for path in ("/", "/user/bo", "/edit-profile", "/login")]

    assert {page.headers["cache-control"] for page in pages} == {"private, no-cache"}


async def test_pages_that_show_an_address_or_sessions_are_not_stored(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    paths = ("/account", "/account/sessions", "/account/export", "/user/ada")
    pages = [await ada.get(path) for path in paths]

    assert {page.status for page in pages} == {200}
    assert all("no-store" in page.headers["cache-control"] for page in pages)


async def test_with_secure_cookies_browsers_are_told_to_stay_with_https(
    settings: Settings,
) -> None:
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    async with app.test_app():
        page = await Visitor(app, scheme="https").get("/login")

    assert page.headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize("path", ["/", "/user/ada", "/edit-profile"])
async def test_no_page_has_inline_script_or_style(sign_in: SignIn, path: str) -> None:
    ada = await sign_in("ada")

    page = await ada.get(path)

    assert "style=" not in page.text
    assert "<style" not in page.text
    assert "<script>" not in page.text
    assert " onclick" not in page.text
