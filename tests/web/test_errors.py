"""Errors in the site's look, and as fragments for scripts."""

import logging
from pathlib import Path

import pytest
from quart import Quart, abort

from quart_popovers import LARGEST_BODY_BYTES, create_app
from quart_popovers.settings import Settings
from quart_popovers.web.errors import EXPLANATIONS
from tests.visitor import SignIn, Visitor

BY_A_SCRIPT = {"Sec-Fetch-Dest": "empty"}


@pytest.mark.parametrize("code", sorted(EXPLANATIONS))
async def test_every_error_has_a_page_for_people_and_a_fragment_for_scripts(
    app: Quart, code: int
) -> None:
    @app.get("/test-only/error")
    async def refuse() -> str:
        abort(code)

    visitor = Visitor(app)

    page = await visitor.get("/test-only/error")
    fragment = await visitor.get("/test-only/error", headers=BY_A_SCRIPT)

    assert (page.status, fragment.status) == (code, code)
    assert page.navigation == ["Quart Popovers", "Sign in", "Register"]
    assert EXPLANATIONS[code] in page.text
    assert fragment.text.strip() == f'<p class="error" role="alert">{EXPLANATIONS[code]}</p>'


async def test_an_unknown_address_is_a_404_page(visitor: Visitor) -> None:
    page = await visitor.get("/no-such-page")

    assert page.status == 404
    assert "This page does not exist." in page.text


async def test_a_wrong_method_is_a_405_page_that_names_the_right_ones(visitor: Visitor) -> None:
    page = await visitor.post("/healthz")

    assert page.status == 405
    assert set(page.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "This address does not support this kind of request." in page.text


async def test_a_body_that_is_too_large_is_a_413_page(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.post_comment("x" * LARGEST_BODY_BYTES)

    assert page.status == 413
    assert "This is too large for this site." in page.text


async def test_a_mistake_of_ours_is_a_500_page_that_tells_nothing(app: Quart) -> None:
    @app.get("/test-only/mistake")
    async def fail() -> str:
        raise ValueError("internal matters")

    page = await Visitor(app).get("/test-only/mistake")

    assert page.status == 500
    assert "Something went wrong on our side." in page.text
    assert "internal matters" not in page.text


@pytest.mark.parametrize("path", ["/", "/index", "/user/ada", "/edit-profile"])
async def test_a_guest_is_sent_to_sign_in_and_a_script_is_told_401(
    visitor: Visitor, path: str
) -> None:
    page = await visitor.get(path)
    fragment = await visitor.get(path, headers=BY_A_SCRIPT)

    assert (page.status, page.location) == (303, f"/login?next={path}")
    assert (fragment.status, fragment.location) == (401, None)


@pytest.mark.parametrize("url", ["sqlite:///{folder}", "postgresql://127.0.0.1:1/none"])
async def test_without_its_database_the_site_says_when_to_come_back(
    settings: Settings, tmp_path: Path, url: str
) -> None:
    broken = settings.model_copy(update={"database_url": url.format(folder=tmp_path)})
    app = create_app(broken)
    async with app.test_app():
        page = await Visitor(app).sign_in("ada")

    assert page.status == 503
    assert int(page.headers["retry-after"]) > 0
    assert "The site is temporarily unavailable." in page.text


async def test_an_error_page_without_its_database_is_one_line_in_the_log(
    settings: Settings, sign_in: SignIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await sign_in("ada")
    broken = create_app(settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}"}))
    async with broken.test_app():
        visitor = Visitor(broken)
        visitor.steal_cookies_of(ada)
        page = await visitor.get("/no-such-page")

    assert page.status == 503
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [(it.message.split(":")[0], it.exc_info) for it in errors] == [("Unavailable", None)]
