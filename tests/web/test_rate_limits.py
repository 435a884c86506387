"""Rate limits, as the fastest person and a patient attacker meet them."""

import time
from collections.abc import AsyncIterator

import pytest
from limits import parse
from quart import Quart
from sqlalchemy import func, select
from werkzeug.exceptions import TooManyRequests

from quart_popovers import create_app
from quart_popovers.accounts import guessing
from quart_popovers.accounts.guessing import Counted
from quart_popovers.models import Post, User
from quart_popovers.services import services
from quart_popovers.settings import Settings
from quart_popovers.web import rate_limits
from quart_popovers.web.counters import Counters
from quart_popovers.web.rate_limits import HOVERS_AT_ONCE, RateLimits
from tests.limits import Clock, guess, wait_of
from tests.visitor import PASSWORD, Fetch, MakeUser, SignIn, Visitor

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_limits": True})


@pytest.fixture
async def other_worker(settings: Settings) -> AsyncIterator[Quart]:
    app = create_app(settings)
    async with app.test_app():
        yield app


async def test_one_address_may_try_sixty_names_in_a_quarter_of_an_hour(
    visitor: Visitor, clock: Clock
) -> None:
    pages = [page for n in range(61) for page in await guess(visitor, f"name{n}", 1)]

    assert [page.status for page in pages] == [422] * 60 + [429]
    clock.now += wait_of(pages[-1])
    assert (await guess(visitor, "ada", 1))[0].status == 422


async def test_twenty_people_an_hour_may_register_at_one_address(
    visitor: Visitor, fetch: Fetch, clock: Clock
) -> None:
    pages = [await visitor.register(f"person{n}") for n in range(21)]

    assert [page.status for page in pages] == [303] * 20 + [429]
    assert await fetch(select(func.count(User.id))) == [(20,)]
    clock.now += wait_of(pages[-1])
    assert (await visitor.register("later")).status == 303


async def test_twenty_comments_a_minute_may_be_posted(
    sign_in: SignIn, fetch: Fetch, clock: Clock
) -> None:
    ada, bo = await sign_in("ada"), await sign_in("bo")

    pages = [await ada.post_comment(f"Comment {n}") for n in range(21)]

    assert [page.status for page in pages] == [303] * 20 + [429]
    assert await fetch(select(func.count(Post.id))) == [(20,)]
    assert (await bo.post_comment("Hello")).status == 303
    clock.now += wait_of(pages[-1])
    assert (await ada.post_comment("Later")).status == 303


async def test_a_profile_may_be_changed_thirty_times_an_hour(sign_in: SignIn, clock: Clock) -> None:
    ada = await sign_in("ada")

    pages = [await ada.submit("/edit-profile", username="ada", about_me=f"{n}") for n in range(31)]

    assert [page.status for page in pages] == [303] * 30 + [429]
    assert pages[-1].value_of("about_me") == "30"
    clock.now += wait_of(pages[-1])
    assert (await ada.submit("/edit-profile", username="ada", about_me="x")).status == 303


async def test_a_person_may_be_renamed_ten_times_a_day(sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada")

    pages = [await ada.submit("/edit-profile", username=f"ada{n}", about_me="") for n in range(11)]
    same_name = await ada.submit("/edit-profile", username="ada9", about_me="I stay ada9.")

    assert [page.status for page in pages] == [303] * 10 + [429]
    assert pages[-1].value_of("username") == "ada10"
    assert same_name.status == 303
    assert await fetch(select(User.username)) == [("ada9",)]


async def test_a_password_may_be_confirmed_thirty_times_in_a_quarter_of_an_hour(
    app: Quart, sign_in: SignIn
) -> None:
    """Also the right one, whose hash goes before strangers' ones."""
    ada, phone = await sign_in("ada"), Visitor(app)
    await phone.sign_in("ada")
    weak = {"current_password": PASSWORD, "password": "password", "confirm_password": "password"}

    pages = [await ada.submit("/account/password", **weak) for _ in range(31)]
    deletion = await ada.submit("/account/delete", current_password=PASSWORD)
    on_the_phone = await phone.submit("/account/password", **weak)

    assert [page.status for page in pages] == [422] * 30 + [429]
    assert (deletion.status, on_the_phone.status) == (429, 422)


async def test_wrong_forms_count_as_attempts(sign_in: SignIn, visitor: Visitor) -> None:
    ada = await sign_in("ada")

    registrations = [await visitor.register(f"person{n}", password="") for n in range(21)]
    comments = [await ada.post_comment("") for _ in range(21)]

    for pages in (registrations, comments):
        assert [page.status for page in pages] == [422] * 20 + [429]
    assert (await visitor.register("person")).status == 429
    assert (await ada.post_comment("Hello")).status == 429


async def test_a_form_over_its_limit_keeps_what_was_typed_and_says_when_to_send_it(
    sign_in: SignIn, visitor: Visitor, clock: Clock
) -> None:
    ada = await sign_in("ada")
    for n in range(20):
        await visitor.register(f"person{n}")
        await ada.post_comment(f"Comment {n}")

    refused = await visitor.register("lovelace")
    comment = await ada.post_comment("  One\nmore ")

    assert wait_of(refused) > 0
    assert refused.form_errors[0].startswith("That was too often. Please try again in ")
    assert refused.value_of("username") == "lovelace"
    assert refused.value_of("email") == "lovelace@example.com"
    assert comment.value_of("body") == "  One\nmore "
    clock.now += wait_of(comment)
    again = await ada.post("/", csrf_token=comment.csrf_token, body="One more")
    assert again.status == 303


async def test_a_form_with_a_refused_token_is_no_attempt(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    refused = [await ada.post("/", csrf_token="forged", body="Hello") for _ in range(21)]

    assert {page.status for page in refused} == {400}
    assert (await ada.post_comment("Hello")).status == 303


async def test_a_browser_may_hover_forty_times_at_once_and_then_gets_a_fragment(
    app: Quart, sign_in: SignIn
) -> None:
    ada, phone = await sign_in("ada"), Visitor(app)
    await phone.sign_in("ada")

    cards = [await ada.get("/user/ada/popup") for _ in range(HOVERS_AT_ONCE + 10)]

    statuses = [card.status for card in cards]
    assert statuses[:HOVERS_AT_ONCE] == [200] * HOVERS_AT_ONCE
    assert statuses[-1] == 429
    assert cards[-1].headers["retry-after"] == "1"
    assert "<html" not in cards[-1].text
    assert "Please try again in 1 second." in cards[-1].text
    assert (await phone.get("/user/ada/popup")).status == 200


async def test_a_refused_hover_asks_the_database_nothing(
    sign_in: SignIn, statements: list[str]
) -> None:
    ada = await sign_in("ada")
    for _ in range(HOVERS_AT_ONCE + 5):
        await ada.get("/user/ada/popup")
    statements.clear()

    card = await ada.get("/user/ada/popup")

    assert card.status == 429
    assert statements == []


async def test_the_fastest_person_is_not_slowed_down(
    sign_in: SignIn, app: Quart, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await sign_in("ada")
    limits = services(app).rate_limits
    assert limits
    now = time.monotonic()
    monkeypatch.setattr(limits._hovers, "_clock", lambda: now)

    statuses = set()
    for _ in range(150):  # a card every half a second for a minute and more
        statuses.add((await ada.get("/user/ada/popup")).status)
        now += 0.5

    assert statuses == {200}


async def test_limits_can_be_switched_off(settings: Settings, make_user: MakeUser) -> None:
    await make_user("ada")
    app = create_app(settings.model_copy(update={"rate_limits": False}))
    async with app.test_app():
        visitor = Visitor(app)

        guesses = await guess(visitor, "ada", 12)
        await visitor.sign_in("ada")
        cards = [await visitor.get("/user/ada/popup") for _ in range(HOVERS_AT_ONCE + 5)]

    assert {page.status for page in guesses} == {422}
    assert {card.status for card in cards} == {200}


async def test_without_redis_each_worker_counts_for_itself(
    visitor: Visitor, other_worker: Quart, make_user: MakeUser
) -> None:
    await make_user("ada")
    await guess(visitor, "ada", 11)

    [elsewhere] = await guess(Visitor(other_worker), "ada", 1)

    assert elsewhere.status == 422


async def test_what_has_expired_is_forgotten(clock: Clock) -> None:
    limits = RateLimits(b"secret")
    for number in range(500):
        await limits.wait_for(rate_limits.REGISTRATIONS_BY_ADDRESS, f"address {number}")
        await guessing.Tries(limits, Counted("name", f"account {number}")).wait()
    before = len(limits._counters)
    clock.now += 2 * 24 * 3600

    for _ in range(1000):
        await limits.wait_for(rate_limits.POSTS, "ada")
        clock.now += 24 * 3600

    assert before == 1000
    assert len(limits._counters) <= 3


@pytest.mark.parametrize("hits_at_s", [(0, 0, 0), (50, 50, 50), (10, 30, 59), (58, 59, 61)])
@pytest.mark.parametrize("asked_at_s", [62, 75, 90, 110])
async def test_a_client_that_waits_as_long_as_told_is_let_through(
    clock: Clock, hits_at_s: tuple[int, ...], asked_at_s: int
) -> None:
    """Also when the window has moved on by then, but by too little for another."""
    limits, three = RateLimits(b"secret"), rate_limits.Limit("what", parse("3 per minute"))
    started_at = clock.now - 1  # the start of a window
    for hit_at_s in hits_at_s:
        clock.now = started_at + hit_at_s
        await limits.wait_for(three, "ada")
    clock.now = started_at + asked_at_s
    while (wait_s := await limits.wait_for(three, "ada")) == 0:
        pass

    clock.now += wait_s

    assert await limits.wait_for(three, "ada") == 0


async def test_a_client_is_told_to_wait_for_the_end_of_the_window_and_no_longer(
    clock: Clock,
) -> None:
    limits, three = RateLimits(b"secret"), rate_limits.Limit("what", parse("3 per hour"))
    clock.now += 599  # ten minutes into the window
    for _ in range(3):
        await limits.wait_for(three, "ada")

    wait_s = await limits.wait_for(three, "ada")

    assert wait_s == pytest.approx(50 * 60, abs=1)


@pytest.mark.parametrize(("wait_s", "told_s"), [(0.2, 1), (1.2, 2), (29.01, 30), (30, 30)])
def test_a_wait_is_told_in_whole_seconds_and_never_too_short(wait_s: float, told_s: int) -> None:
    with pytest.raises(TooManyRequests) as refused:
        rate_limits.refuse_for(wait_s)

    assert refused.value.retry_after == told_s


class CountersOfASlowMachine(Counters):
    """Time goes on between two looks at a counter."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    async def get(self, key: str) -> int:
        found = await super().get(key)
        self._clock.now += 2
        return found

    async def get_expiry(self, key: str) -> float:
        return self._counters[key].expires_at


async def test_a_counter_that_expires_while_it_is_looked_at_has_nothing_left(clock: Clock) -> None:
    counters = CountersOfASlowMachine(clock)
    await counters.incr("pause", 1)

    assert await RateLimits(b"secret").seconds_left(counters, "pause") == 0


def test_what_is_counted_and_for_whom_cannot_be_mistaken_for_one_another() -> None:
    limits = RateLimits(b"secret")

    assert limits.key("post", "er") != limits.key("poster", "")
