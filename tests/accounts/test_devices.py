"""Device cookies: strangers cannot lock an owner out of a browser that has signed in before."""

from http.cookies import SimpleCookie

import pytest
from itsdangerous import TimestampSigner
from quart import Quart

from quart_popovers import create_app
from quart_popovers.accounts.guessing import FIRST_PAUSE_S
from quart_popovers.accounts.hashing_queue import HashingBusy, HashingQueue
from quart_popovers.settings import Settings
from tests.limits import Clock, guess, wait_of
from tests.visitor import PASSWORD, MakeUser, Page, Visitor

YEAR_S = 365 * 24 * 3600

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_limits": True})


@pytest.fixture
async def laptop(
    app: Quart,
    make_user: MakeUser,
    clock: Clock,  # noqa: ARG001 (it starts before anything is counted)
) -> Visitor:
    """A browser in which ada has signed in once, and signed out."""
    await make_user("ada")
    laptop = Visitor(app)
    await laptop.follow(await laptop.sign_in("ada"))
    await laptop.sign_out()
    return laptop


@pytest.fixture
async def strangers(laptop: Visitor) -> Visitor:
    """A browser without a device cookie, whose wrong passwords make strangers wait for ada."""
    strangers = Visitor(laptop.app)
    await guess(strangers, "ada", 11)
    return strangers


def device_cookie(page: Page) -> str:
    return SimpleCookie(page.cookie("device"))["device"].value


def cookie_of(visitor: Visitor) -> str:
    """The device cookie that this browser keeps."""
    [value] = [it.value for it in visitor.client.cookie_jar or () if it.name == "device"]
    return str(value)


async def sign_in_with(app: Quart, cookie: str, name: str = "ada") -> Page:
    """With this device cookie and the right password."""
    visitor = Visitor(app)
    visitor.client.set_cookie("localhost", "device", cookie)
    return await visitor.sign_in(name)


async def test_a_sign_in_gives_the_browser_a_cookie_for_a_year(
    visitor: Visitor, make_user: MakeUser
) -> None:
    await make_user("ada")

    wrong, right = await visitor.sign_in("ada", "wrong"), await visitor.sign_in("ada")

    cookie = SimpleCookie(right.cookie("device"))["device"]
    assert wrong.cookie("device") == ""
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) == YEAR_S


async def test_the_cookie_is_secure_and_bound_to_this_host_by_default(
    settings: Settings, make_user: MakeUser
) -> None:
    await make_user("ada")
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    async with app.test_app():
        page = await Visitor(app, scheme="https").sign_in("ada")

    cookie = SimpleCookie(page.cookie("__Host-device"))["__Host-device"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


@pytest.mark.usefixtures("strangers")
async def test_strangers_lock_nobody_out_of_a_known_browser(laptop: Visitor) -> None:
    [from_elsewhere] = await guess(Visitor(laptop.app), "ada", 1, PASSWORD)

    from_laptop = await laptop.sign_in("ada@example.com")

    assert wait_of(from_elsewhere) == FIRST_PAUSE_S
    assert from_laptop.status == 303


async def test_strangers_at_the_same_address_lock_nobody_out_of_a_known_browser(
    laptop: Visitor,
) -> None:
    for number in range(60):
        await guess(Visitor(laptop.app), f"name{number}", 1)

    from_elsewhere = await Visitor(laptop.app).sign_in("ada")
    from_laptop = await laptop.sign_in("ada")

    assert (from_elsewhere.status, from_laptop.status) == (429, 303)


async def test_sign_ins_in_known_browsers_are_limited_too(laptop: Visitor) -> None:
    """Each is hashed before strangers' passwords."""
    statuses = []
    for _ in range(61):
        statuses.append((await laptop.sign_in("ada")).status)
        if statuses[-1] == 303:
            await laptop.sign_out()

    assert statuses == [303] * 60 + [429]


async def test_a_sign_in_in_a_known_browser_does_not_reset_strangers_tries(
    laptop: Visitor, strangers: Visitor
) -> None:
    await laptop.sign_in("ada")

    [page] = await guess(strangers, "ada", 1)

    assert wait_of(page) == FIRST_PAUSE_S


async def test_a_known_browser_has_as_many_tries_as_strangers_and_no_more(
    laptop: Visitor,
) -> None:
    """So a stolen device cookie is of little use."""
    pages = await guess(laptop, "ada", 11)
    [right] = await guess(laptop, "ada", 1, PASSWORD)

    assert [page.status for page in pages] == [422] * 10 + [429]
    assert wait_of(pages[-1]) == wait_of(right) == FIRST_PAUSE_S


async def test_wrong_tries_in_a_known_browser_count_for_it_alone(laptop: Visitor) -> None:
    phone = Visitor(laptop.app)
    await phone.follow(await phone.sign_in("ada"))
    await phone.sign_out()
    await guess(laptop, "ada", 11)

    from_phone = await phone.sign_in("ada")
    from_elsewhere = await Visitor(laptop.app).sign_in("ada")

    assert (from_phone.status, from_elsewhere.status) == (303, 303)


async def test_each_sign_in_gives_a_new_cookie_with_tries_of_its_own(laptop: Visitor) -> None:
    before = cookie_of(laptop)
    stolen = Visitor(laptop.app)
    stolen.client.set_cookie("localhost", "device", before)
    await guess(stolen, "ada", 11)
    clean = Visitor(laptop.app)

    after = device_cookie(await clean.sign_in("ada"))

    assert before != after
    assert (await sign_in_with(laptop.app, after)).status == 303
    assert (await sign_in_with(laptop.app, before)).status == 429


@pytest.mark.usefixtures("strangers")
async def test_a_cookie_of_another_account_is_not_accepted(
    laptop: Visitor, make_user: MakeUser
) -> None:
    await make_user("mallory")

    page = await Visitor(laptop.app).sign_in("mallory")

    assert (await sign_in_with(laptop.app, device_cookie(page))).status == 429


@pytest.mark.usefixtures("strangers")
@pytest.mark.parametrize("how", ["forged", "cut", "another key", "empty", "not ASCII"])
async def test_a_cookie_that_this_site_has_not_signed_is_not_accepted(
    laptop: Visitor, how: str
) -> None:
    cookie = cookie_of(laptop)
    nonce = cookie.partition(".")[0]
    made_up = {
        "forged": "x" + cookie,
        "cut": nonce,
        "another key": TimestampSigner("another key").sign(nonce).decode(),
        "empty": "",
        "not ASCII": "é",
    }[how]

    assert (await sign_in_with(laptop.app, made_up)).status in {400, 429}
    assert (await sign_in_with(laptop.app, cookie)).status == 303


@pytest.mark.usefixtures("strangers")
async def test_a_cookie_is_invalid_after_a_year(
    laptop: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = cookie_of(laptop)
    now = TimestampSigner("any").get_timestamp()

    statuses = []
    for age_s in (YEAR_S - 60, YEAR_S + 60):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: now + age_s)  # noqa: B023
        statuses.append((await sign_in_with(laptop.app, cookie)).status)

    assert statuses == [303, 429]


async def test_a_new_password_ends_the_trust_in_all_browsers_but_the_one_it_is_set_in(
    laptop: Visitor,
) -> None:
    thief = Visitor(laptop.app)
    thief.steal_cookies_of(laptop)
    await laptop.sign_in("ada")
    new = {"password": "another horse", "confirm_password": "another horse"}
    await laptop.submit("/account/password", current_password=PASSWORD, **new)
    await laptop.sign_out()
    await guess(Visitor(laptop.app), "ada", 11)

    [from_thief] = await guess(thief, "ada", 1, "another horse")
    from_laptop = await laptop.sign_in("ada", "another horse")

    assert (from_thief.status, from_laptop.status) == (429, 303)


async def test_the_cookie_does_not_identify_the_account(laptop: Visitor) -> None:
    """Two sign-ins of one person have no part in common but the time."""
    first = device_cookie(await Visitor(laptop.app).sign_in("ada")).split(".")
    second = device_cookie(await Visitor(laptop.app).sign_in("ada")).split(".")

    assert len(first) == len(second) == 3
    assert first[0] != second[0]
    assert first[2] != second[2]


async def test_a_known_browser_goes_before_strangers_when_the_site_is_busy(
    laptop: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_queue: HashingQueue, *, is_known: bool) -> None:
        if not is_known:
            raise HashingBusy()

    monkeypatch.setattr(HashingQueue, "refuse_when_full", refuse)

    from_elsewhere = await Visitor(laptop.app).sign_in("ada")
    from_laptop = await laptop.sign_in("ada")

    assert (from_elsewhere.status, from_laptop.status) == (503, 303)
