"""Sign out."""

from quart import Quart
from sqlalchemy import select

from quart_popovers import create_app
from quart_popovers.models import SignIn as SignInRow
from quart_popovers.settings import Settings
from tests.visitor import Fetch, SignIn, Visitor


async def test_signing_out_says_so_and_asks_to_sign_in_again(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.sign_out()
    shown = await ada.follow(page)
    feed = await ada.get("/")

    assert (page.status, page.location) == (303, "/login")
    assert shown.flashes == ["You are signed out."]
    assert (feed.status, feed.location) == (303, "/login?next=/")


async def test_following_a_link_signs_nobody_out(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/logout")
    feed = await ada.get("/")

    assert (page.status, feed.status) == (405, 200)


async def test_copies_of_the_cookie_are_invalid_at_once_in_every_worker(
    app: Quart, settings: Settings, sign_in: SignIn, fetch: Fetch
) -> None:
    ada, thief = await sign_in("ada"), Visitor(app)
    other_worker = create_app(settings)
    async with other_worker.test_app():
        thief_elsewhere = Visitor(other_worker)
        for visitor in (thief, thief_elsewhere):
            visitor.steal_cookies_of(ada)
        before = [await thief.get("/"), await thief_elsewhere.get("/user/ada/popup")]

        await ada.sign_out()

        after = [await visitor.get("/") for visitor in (thief, thief_elsewhere)]
        cards = [await visitor.get("/user/ada/popup") for visitor in (thief, thief_elsewhere)]
    assert [page.status for page in before] == [200, 200]
    assert [page.status for page in after] == [303, 303]
    assert [card.status for card in cards] == [401, 401]
    assert await fetch(select(SignInRow.token_hash)) == []


async def test_signing_out_does_not_affect_other_browsers(app: Quart, sign_in: SignIn) -> None:
    ada, phone = await sign_in("ada"), Visitor(app)
    await phone.sign_in("ada")

    await ada.sign_out()

    assert (await phone.get("/")).status == 200


async def test_a_made_up_cookie_is_a_guest(visitor: Visitor) -> None:
    page = await visitor.get("/", headers={"Cookie": "sign-in=abc.def.ghi"})

    assert page.status == 303
