"""Pictures, and what their addresses give away."""

import re
from hashlib import sha256

import pytest
from pydantic import SecretStr

from quart_popovers import create_app
from quart_popovers.settings import Settings
from tests.visitor import MakePost, MakeUser, Page, SignIn, Visitor

A_KEY = "0123456789abcdef" * 2


def picture(page: Page) -> str:
    found = re.search(r'<img src="(/avatars/[^"]+)"', page.text)
    assert found
    return found[1]


async def test_an_identicon_is_an_svg_for_everybody_kept_for_a_year(visitor: Visitor) -> None:
    page = await visitor.get(f"/avatars/{A_KEY}.svg")

    assert page.status == 200
    assert page.headers["content-type"] == "image/svg+xml"
    assert page.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert page.text.startswith("<svg xmlns=")


async def test_a_public_picture_never_carries_a_cookie(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get(f"/avatars/{A_KEY}.svg")

    assert page.set_cookies == ()
    assert "Cookie" not in page.headers.get("vary", "")


async def test_a_picture_takes_no_statement(sign_in: SignIn, statements: list[str]) -> None:
    ada = await sign_in("ada")
    statements.clear()

    await ada.get(f"/avatars/{A_KEY}.svg")

    assert statements == []


@pytest.mark.parametrize("key", ["ada", A_KEY[:-1], A_KEY + "0", A_KEY.upper(), "..%2f" + A_KEY])
async def test_what_is_no_key_is_a_404(visitor: Visitor, key: str) -> None:
    page = await visitor.get(f"/avatars/{key}.svg")

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


class TestWithGravatar:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"avatars": "gravatar"})

    async def test_a_gravatar_lies_over_the_identicon_when_there_is_one(
        self, sign_in: SignIn, make_post: MakePost, make_user: MakeUser
    ) -> None:
        bo = await make_user("bo", email="Bo@Example.com")
        await make_post(bo)
        ada = await sign_in("ada")
        digest = sha256(b"bo@example.com").hexdigest()
        address = f"https://www.gravatar.com/avatar/{digest}?s=160&amp;d=404"

        pages = [await ada.get(path) for path in ("/", "/user/bo", "/user/bo/popup")]

        for page in pages:
            assert re.search(
                rf'<img src="/avatars/[^>]*>\s*<img src="{re.escape(address)}"[^>]*'
                r' referrerpolicy="no-referrer">',
                page.text,
            )
        policy = pages[0].headers["content-security-policy"]
        assert "img-src 'self' https://www.gravatar.com;" in policy
