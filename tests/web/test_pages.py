"""Pages are rendered at once: by no thread, with one token, and with the viewer in the header."""

import re
from threading import Thread
from typing import Any

import pytest
from quart import Quart
from werkzeug.routing import BuildError

from quart_popovers.services import services
from tests.visitor import MakePost, SignIn


async def test_rendering_starts_no_thread(
    sign_in: SignIn, make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = await sign_in("ada")
    await make_post(1)
    await visitor.get("/")
    started: list[Thread] = []
    monkeypatch.setattr(Thread, "start", started.append)

    page = await visitor.get("/")

    assert page.post_ids == [1]
    assert started == []


async def test_all_forms_of_a_page_have_the_same_token(sign_in: SignIn) -> None:
    visitor = await sign_in("ada")

    page = await visitor.get("/")

    tokens = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)
    assert len(tokens) == 2
    assert len(set(tokens)) == 1


async def test_two_pages_have_different_tokens(sign_in: SignIn) -> None:
    visitor = await sign_in("ada")

    first, second = await visitor.get("/"), await visitor.get("/")

    assert first.csrf_token != second.csrf_token


def test_addresses_are_those_of_the_routes(app: Quart) -> None:
    url_for: Any = services(app).pages.environment.globals["url_for"]

    assert url_for("profiles.show", username="ada") == "/user/ada"
    assert url_for("feed.index", before=7) == "/?before=7"
    with pytest.raises(BuildError):
        url_for("profiles.nothing")
