"""The limit on page loads."""

import pytest
from quart import Quart

from quart_popovers.services import services
from quart_popovers.settings import Settings
from quart_popovers.web.page_loads import UNLIMITED
from tests.visitor import MakeUser, Page, SignIn, Visitor

AT_ONCE = 60
PER_S = 10
ADDRESS = {"X-Forwarded-For": "203.0.113.7"}
ANOTHER_ADDRESS = {"X-Forwarded-For": "203.0.113.8"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_limits": True, "trusted_proxies": 1})


@pytest.fixture
def clock(app: Quart, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time that page loads are counted by; it stands still until a test moves it."""
    clock, rate_limits = Clock(), services(app).rate_limits
    assert rate_limits
    monkeypatch.setattr(rate_limits.pages, "_clock", clock)
    return clock


async def load(visitor: Visitor, path: str, number: int) -> list[Page]:
    return [await visitor.get(path, ADDRESS) for _ in range(number)]


async def test_sixty_pages_at_once_and_ten_a_second_are_let_through(
    sign_in: SignIn, clock: Clock
) -> None:
    ada = await sign_in("ada")
    clock.now += 60

    pages = await load(ada, "/account", AT_ONCE + 1)
    clock.now += 1
    a_second_later = await load(ada, "/account", PER_S + 1)

    assert [page.status for page in pages] == [200] * AT_ONCE + [429]
    assert pages[-1].headers["retry-after"] == "1"
    assert "Please try again in 1 second." in pages[-1].text
    assert [page.status for page in a_second_later] == [200] * PER_S + [429]


async def test_each_browser_has_its_own_loads_wherever_it_is(
    app: Quart, sign_in: SignIn, clock: Clock
) -> None:
    ada, phone = await sign_in("ada"), Visitor(app)
    await phone.sign_in("ada")
    clock.now += 60
    await load(ada, "/account", AT_ONCE)

    from_elsewhere = await ada.get("/account", ANOTHER_ADDRESS)
    on_the_phone = await phone.get("/account", ADDRESS)

    assert (from_elsewhere.status, on_the_phone.status) == (429, 200)


@pytest.mark.parametrize("path", ["/login", "/register"])
async def test_guests_are_counted_by_their_address(
    app: Quart, sign_in: SignIn, clock: Clock, path: str
) -> None:
    ada = await sign_in("ada")
    clock.now += 60
    await load(Visitor(app), path, AT_ONCE)

    neighbour, stranger = Visitor(app), Visitor(app)

    assert (await neighbour.get(path, ADDRESS)).status == 429
    assert (await stranger.get(path, ANOTHER_ADDRESS)).status == 200
    assert (await ada.get("/account", ADDRESS)).status == 200


async def test_a_made_up_cookie_is_a_guests(app: Quart, clock: Clock) -> None:
    clock.now += 60

    pages = [
        await Visitor(app).get("/login", {**ADDRESS, "Cookie": f"sign-in=made.up.{number}"})
        for number in range(AT_ONCE + 1)
    ]

    assert pages[-1].status == 429


@pytest.mark.parametrize("path", ["/static/0/site.css", "/healthz", "/robots.txt"])
async def test_what_belongs_to_a_page_or_watches_the_site_is_not_counted(
    visitor: Visitor, clock: Clock, path: str
) -> None:
    clock.now += 60

    files = await load(visitor, path, AT_ONCE + 1)

    assert 429 not in {file.status for file in files}
    assert (await visitor.get("/login", ADDRESS)).status == 200


async def test_hovers_and_page_loads_do_not_count_for_each_other(
    sign_in: SignIn, make_user: MakeUser, clock: Clock
) -> None:
    await make_user("bo")
    ada = await sign_in("ada")
    clock.now += 60
    await load(ada, "/account", AT_ONCE + 1)

    assert (await ada.get("/user/bo/popup", ADDRESS)).status == 200


def test_only_what_exists_is_left_out(app: Quart) -> None:
    endpoints = [rule.endpoint for rule in app.url_map.iter_rules()]

    assert {it.rpartition(".")[0] or it for it in endpoints} >= UNLIMITED
