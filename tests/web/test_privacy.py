"""An email address is seen by its owner and by nobody else, and nothing leaves this site."""

import logging
import re
from hashlib import md5, sha256

import pytest
from quart import Quart
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers import create_app
from quart_popovers.database import Database
from quart_popovers.models import User
from quart_popovers.settings import Settings
from tests.visitor import PASSWORD, MakePost, MakeUser, SignIn, Visitor

ADDRESS = "very.private@example.com"
SEEN_BY_OTHERS = [
    "/",
    "/user/bo",
    "/user/bo/popup",
    "/account",
    "/account/sessions",
    "/account/export",
    "/edit-profile",
    "/user/nobody",
]
OWN = ["/user/bo", "/account", "/account/export"]


@pytest.fixture
async def ada(sign_in: SignIn, make_user: MakeUser, make_post: MakePost) -> Visitor:
    """Somebody who looks at what bo, who has a private address, has said."""
    await make_post(await make_user("bo", email=ADDRESS, about_me="I am bo."), "I say this.")
    return await sign_in("ada")


def forms_of(address: str) -> set[str]:
    """The address and what is as good as it: its parts, and hashes that can be looked up."""
    return {
        address,
        address.partition("@")[0],
        address.replace("@", "%40"),
        md5(address.encode(), usedforsecurity=False).hexdigest(),
        sha256(address.encode()).hexdigest(),
    }


@pytest.mark.parametrize("path", SEEN_BY_OTHERS)
async def test_nobody_sees_the_address_of_another(ada: Visitor, path: str) -> None:
    page = await ada.get(path)

    assert not any(form in page.text for form in forms_of(ADDRESS))
    assert not any(form in str(page.headers) for form in forms_of(ADDRESS))


@pytest.mark.parametrize("path", OWN)
async def test_its_owner_sees_it(ada: Visitor, path: str) -> None:
    bo = Visitor(ada.app)
    await bo.sign_in("bo")

    page = await bo.get(path)

    assert ADDRESS in page.text


async def test_the_drawn_picture_has_nothing_to_do_with_the_address(
    ada: Visitor, database: Database
) -> None:
    def picture(html: str) -> str:
        found = re.search(r'src="(/avatars/[^"]+)"', html)
        assert found
        return found[1]

    before = picture((await ada.get("/user/bo/popup")).text)
    async with AsyncSession(database.writer) as db, db.begin():
        await db.execute(
            update(User).where(User.username == "bo").values(email="other@example.com")
        )

    after = picture((await ada.get("/user/bo/popup")).text)

    assert before == after


@pytest.mark.parametrize("avatars", ["identicon", "gravatar"])
async def test_pages_load_nothing_from_elsewhere_and_hold_no_hash(
    settings: Settings, ada: Visitor, avatars: str
) -> None:
    app = create_app(settings.model_copy(update={"avatars": avatars}))
    asked: set[str] = set()
    async with app.test_app():
        visitor = Visitor(app)
        visitor.steal_cookies_of(ada)
        for path in (*SEEN_BY_OTHERS, "/account/password", "/account/delete"):
            page = await visitor.get(path)
            asked |= set(re.findall(r'(?:src|srcset|action|<link[^>]*href)="([^"]+)"', page.text))
            assert not any(form in page.text for form in forms_of(ADDRESS))
            assert not re.search(r"https?:", page.headers["content-security-policy"])

    assert [it for it in asked if not it.startswith("/")] == []


async def test_no_address_is_in_the_log_whatever_goes_wrong(
    app: Quart, ada: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    guest = Visitor(app)

    with caplog.at_level(logging.DEBUG):
        await guest.register("chidi", email=ADDRESS)  # taken
        await guest.register("bo", email="new@example.com")  # taken
        await guest.register("chidi", email="chidi@example.com")
        await guest.sign_in(ADDRESS, "wrong")
        await guest.sign_in(ADDRESS)
        await guest.get("/account/export")
        await guest.submit("/account/password", current_password=PASSWORD)
        await guest.submit("/account/delete", current_password=PASSWORD)
        await ada.get(f"/?next={ADDRESS}")

    assert len(caplog.records) > 10
    for secret in (*forms_of(ADDRESS), "chidi@example.com", "new@example.com", PASSWORD):
        assert secret not in caplog.text
