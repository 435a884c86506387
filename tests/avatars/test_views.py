"""Pictures, and what their addresses give away."""

import re
from collections.abc import Callable
from hashlib import sha256

import pytest
from pydantic import SecretStr

from quart_popovers import create_app
from quart_popovers.settings import Settings
from tests.visitor import MakePost, MakeUser, Page, SignIn, Visitor


def picture(page: Page) -> str:
    found = re.search(r'<img src="(/avatars/[^"]+)"', page.text)
    assert found
    return found[1]


@pytest.fixture
async def drawn(sign_in: SignIn) -> str:
    """The address of a drawn picture."""
    return picture(await (await sign_in("bo")).get("/user/bo"))


async def test_a_drawn_picture_is_an_svg_for_everybody_kept_for_a_day(
    visitor: Visitor, drawn: str
) -> None:
    page = await visitor.get(drawn)

    assert page.status == 200
    assert page.headers["content-type"] == "image/svg+xml"
    assert page.headers["cache-control"] == "public, max-age=86400"
    assert page.text.startswith("<svg xmlns=")


async def test_a_picture_that_is_opened_as_a_page_can_do_nothing(
    visitor: Visitor, drawn: str
) -> None:
    page = await visitor.get(drawn)

    policy = "default-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox"
    assert page.headers["content-security-policy"] == policy
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_an_unchanged_picture_is_a_304(visitor: Visitor, drawn: str) -> None:
    first = await visitor.get(drawn)

    again = await visitor.get(drawn, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status, again.text) == (304, "")
    assert again.headers["cache-control"] == first.headers["cache-control"]


async def test_a_public_picture_never_carries_a_cookie(sign_in: SignIn, drawn: str) -> None:
    ada = await sign_in("ada")

    page = await ada.get(drawn)

    assert page.set_cookies == ()
    assert "Cookie" not in page.headers.get("vary", "")


async def test_a_picture_takes_no_statement(
    sign_in: SignIn, drawn: str, statements: list[str]
) -> None:
    ada = await sign_in("ada")
    statements.clear()

    await ada.get(drawn)

    assert statements == []


@pytest.mark.parametrize(
    "change",
    [
        lambda user_id, mac: f"{user_id + 1}-{mac}",
        lambda user_id, mac: f"{user_id}-{mac[::-1]}",
        lambda user_id, mac: f"{user_id}-{mac[:-1]}",
        lambda user_id, mac: f"{user_id}-{mac}0",
        lambda user_id, mac: f"{user_id}-{mac.upper()}",
        lambda user_id, mac: f"0{user_id}-{mac}",
        lambda user_id, mac: f"{user_id}{'0' * 5000}-{mac}",
        lambda user_id, mac: f"..%2f{user_id}-{mac}",
        lambda user_id, _mac: f"{user_id}-",
        lambda _user_id, mac: mac,
    ],
)
async def test_an_address_that_was_not_given_out_is_a_404(
    visitor: Visitor, drawn: str, change: Callable[[int, str], str]
) -> None:
    found = re.fullmatch(r"/avatars/(\d+)-([0-9a-f]{32})\.svg\?v=drawn", drawn)
    assert found

    page = await visitor.get(f"/avatars/{change(int(found[1]), found[2])}.svg?v=drawn")

    assert page.status == 404


async def test_a_picture_stays_with_its_person_when_the_name_changes(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    before = picture(await ada.get("/user/ada"))

    await ada.submit("/edit-profile", username="countess", about_me="")

    assert picture(await ada.get("/user/countess")) == before


async def test_the_address_tells_nothing_and_differs_from_site_to_site(
    settings: Settings, sign_in: SignIn, make_user: MakeUser
) -> None:
    await make_user("bo")
    ada = await sign_in("ada")
    here = [picture(await ada.get(f"/user/{name}")) for name in ("ada", "bo")]

    elsewhere_settings = settings.model_copy(update={"secret_key": SecretStr("another" * 5)})
    elsewhere = create_app(elsewhere_settings)
    async with elsewhere.test_app():
        visitor = Visitor(elsewhere)
        await visitor.sign_in("ada")
        there = [picture(await visitor.get(f"/user/{name}")) for name in ("ada", "bo")]

    assert len({*here, *there}) == 4
    for known in ("ada@example.com", "ada", "1"):
        assert sha256(known.encode()).hexdigest()[:32] not in here[0]


async def test_with_identicon_nothing_is_asked_of_a_third_party(
    sign_in: SignIn, make_post: MakePost, make_user: MakeUser
) -> None:
    await make_post(await make_user("bo"))
    ada = await sign_in("ada")

    pages = [await ada.get(path) for path in ("/", "/user/bo", "/user/bo/popup")]

    assert all("gravatar" not in page.text for page in pages)
    assert "img-src 'self';" in pages[0].headers["content-security-policy"]
