"""The headers of OWASP's cheat sheet, on answers of every kind."""

import pytest

from quart_popovers import create_app
from quart_popovers.settings import Settings
from quart_popovers.web.static_files import STATIC_URL_PATH
from tests.visitor import Page, SignIn, Visitor

FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# What a page may load; a policy that lets in more than this is a hole.
ALLOWED = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "connect-src": {"'self'"},
    "img-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}
ANSWERS = {
    "page": "/",
    "account": "/account/sessions",
    "fragment": "/user/ada/popup",
    "download": "/account/export",
    "redirect": "/login",
    "not found": "/nothing",
    "refused": "/?before=x",
    "wrong method": "/logout",
    "script": f"{STATIC_URL_PATH}/hovercard/hovercard.min.js",
    "picture": f"/avatars/{'0' * 32}.svg",
    "health": "/healthz",
    "nowhere": "/%ff",
}


def policy_of(page: Page) -> dict[str, set[str]]:
    directives = page.headers["content-security-policy"].split(";")
    return {name: set(values) for name, *values in (it.split() for it in directives)}


@pytest.mark.parametrize("path", ANSWERS.values(), ids=ANSWERS)
async def test_every_kind_of_answer_carries_them(sign_in: SignIn, path: str) -> None:
    ada = await sign_in("ada")

    page = await ada.get(path)

    # The rest is about documents; a fragment is none, and saves its bytes.
    is_fragment = path.endswith("/popup")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert is_fragment or {name: page.headers[name] for name in FIXED} == FIXED
    assert is_fragment or "geolocation=()" in page.headers["permissions-policy"]
    policy = policy_of(page)
    assert policy["default-src"] == policy["frame-ancestors"] == {"'none'"}
    assert all(values <= ALLOWED[name] for name, values in policy.items())
    assert "server" not in page.headers
    assert page.headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/account", "/account/password", "/login", "/nothing"])
async def test_what_only_one_person_may_see_is_kept_by_no_shared_cache(
    sign_in: SignIn, path: str
) -> None:
    ada = await sign_in("ada")

    page = await ada.get(path)

    assert "private" in page.headers["cache-control"]


@pytest.mark.parametrize("path", ANSWERS.values(), ids=ANSWERS)
async def test_when_secure_every_answer_asks_for_https_from_now_on(
    settings: Settings, path: str
) -> None:
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    async with app.test_app():
        page = await Visitor(app, scheme="https").get(path)

    assert page.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_no_page_has_anything_that_the_policy_would_have_to_make_an_exception_for(
    sign_in: SignIn,
) -> None:
    ada = await sign_in("ada")

    for path in ("/", "/account", "/account/sessions", "/account/password", "/account/delete"):
        page = await ada.get(path)

        assert "<style" not in page.text
        assert " style=" not in page.text
        assert "<script>" not in page.text
        assert "javascript:" not in page.text
        assert "<iframe" not in page.text
