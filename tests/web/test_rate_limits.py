"""Rate limits, as the fastest person and a patient attacker meet them."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from quart import Quart
from sqlalchemy import func, select

from quart_popovers import create_app
from quart_popovers.accounts import guessing
from quart_popovers.accounts.guessing import account_named
from quart_popovers.accounts.passwords import HASHER
from quart_popovers.models import Post, User
from quart_popovers.services import services
from quart_popovers.settings import Settings
from quart_popovers.web import counters, rate_limits
from quart_popovers.web.rate_limits import HOVERS_AT_ONCE, RateLimits
from tests.visitor import PASSWORD, Fetch, MakeUser, Page, SignIn, Visitor


class Clock:
    """The time that limits are counted by; it stands still until a test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Just after the start of a window of every length in use: no test straddles two by chance.
        self.now = 24 * 3600 * 20_000 + 1.0
        for module in ("limits.aio.storage.memory", "limits.aio.strategies"):
            monkeypatch.setattr(f"{module}.time", SimpleNamespace(time=lambda: self.now))
        for ours in (rate_limits, counters):
            monkeypatch.setattr(ours, "time", lambda: self.now)


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


def wait_of(page: Page) -> int:
    """How long a 429 asks one to wait; it is a page that says so in words."""
    assert page.status == 429
    assert "That was too often. Please try again in" in page.text
    return int(page.headers["retry-after"])


async def guess(visitor: Visitor, name: str, number: int, password: str = "wrong") -> list[Page]:
    """So many sign-ins with a wrong password, from one open form."""
    token = (await visitor.get("/login")).csrf_token
    return [
        await visitor.post("/login", csrf_token=token, username=name, password=password)
        for _ in range(number)
    ]


async def test_ten_wrong_passwords_are_looked_at_and_the_eleventh_has_to_wait(
    visitor: Visitor, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_user("ada")
    looked_at, verify = [], HASHER.verify_and_update

    def count(password: str, against: str) -> tuple[bool, str | None]:
        looked_at.append(password)
        return verify(password, against)

    monkeypatch.setattr(HASHER, "verify_and_update", count)

    pages = await guess(visitor, "ada", 11)
    [right] = await guess(visitor, "ada", 1, PASSWORD)

    assert [page.status for page in pages] == [422] * 10 + [429]
    assert wait_of(pages[-1]) == guessing.FIRST_PAUSE_S
    assert wait_of(right) == guessing.FIRST_PAUSE_S
    assert len(looked_at) == 10


async def test_after_eleven_wrong_passwords_every_form_stays_and_says_when_to_try_again(
    visitor: Visitor, sign_in: SignIn
) -> None:
    ada = await sign_in("ada")
    wrong = {"current_password": "wrong horse"}
    new = {"password": "another horse", "confirm_password": "another horse"}

    guesses = await guess(visitor, "ada", 11)
    deletions = [await ada.submit("/account/delete", **wrong) for _ in range(11)]
    change = await ada.submit("/account/password", **wrong, **new)

    for page in (guesses[-1], deletions[-1], change):
        assert 0 < wait_of(page) <= guessing.FIRST_PAUSE_S
        assert page.form_errors == ["That was too often. Please try again in 30 seconds."]
        assert page.csrf_token
    assert guesses[-1].value_of("username") == "ada"
    assert "wrong horse" not in deletions[-1].text


async def test_the_pauses_grow_and_each_is_as_long_as_it_says(clock: Clock) -> None:
    tries = guessing.Tries(RateLimits(b"secret"), account_named("ada"))

    waits = []
    for _ in range(7):
        while (wait_s := await tries.wait()) == 0:
            pass  # all that may be tried now
        waits.append(wait_s)
        clock.now += wait_s

    assert waits == [30, 60, 120, 240, 480, 900, 900]


async def test_a_guesser_with_all_the_time_gets_at_most_a_hundred_tries_an_hour(
    visitor: Visitor, make_user: MakeUser, clock: Clock
) -> None:
    await make_user("ada")
    begun_at, looked_at = clock.now, 0
    while clock.now < begun_at + 2 * 3600:
        [page] = await guess(visitor, "ada", 1)
        looked_at += page.status == 422
        clock.now += 10

    assert looked_at <= 2 * 100  # OWASP ASVS 4.0.3, 2.2.1


async def test_the_owner_gets_in_after_the_pause_and_is_forgiven(
    visitor: Visitor, app: Quart, make_user: MakeUser, clock: Clock
) -> None:
    await make_user("ada")
    pages = await guess(visitor, "ada", 11)
    clock.now += wait_of(pages[-1])

    right = await visitor.sign_in("ada")
    later = await guess(Visitor(app), "ada", 11)

    assert right.status == 303
    assert [page.status for page in later][:9] == [422] * 9


async def test_an_unknown_name_is_limited_in_the_same_words(
    visitor: Visitor, make_user: MakeUser
) -> None:
    await make_user("ada")

    for_ada = await guess(visitor, "ada", 12)
    for_nobody = await guess(visitor, "abc", 12)

    assert [page.status for page in for_ada] == [page.status for page in for_nobody]
    assert [page.headers.get("retry-after") for page in for_ada] == [
        page.headers.get("retry-after") for page in for_nobody
    ]
    assert [page.form_errors for page in for_ada] == [page.form_errors for page in for_nobody]


async def test_no_typed_name_shares_a_counter_with_a_signed_in_person(
    app: Quart, sign_in: SignIn, fetch: Fetch
) -> None:
    """Else a stranger could keep anybody from changing a password by typing `person 1`."""
    ada = await sign_in("ada")
    [[user_id]] = await fetch(select(User.id))

    for name in (f"person {user_id}", str(user_id), f"person\N{NO-BREAK SPACE}{user_id}"):
        await guess(Visitor(app), name, 11)
    page = await ada.submit("/account/delete", current_password="wrong horse")

    assert page.status == 422


@pytest.mark.parametrize("name", ["ADA", " ada ", "Ada"])
async def test_another_spelling_is_the_same_account(
    visitor: Visitor, make_user: MakeUser, name: str
) -> None:
    await make_user("ada")
    await guess(visitor, "ada", 10)

    [page] = await guess(visitor, name, 1)

    assert page.status == 429


async def test_of_many_guesses_at_one_instant_ten_are_looked_at(
    app: Quart, make_user: MakeUser
) -> None:
    await make_user("ada")

    pages = await asyncio.gather(*(guess(Visitor(app), "ada", 1) for _ in range(30)))

    assert sorted(page.status for [page] in pages) == [422] * 10 + [429] * 20


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
        await guessing.Tries(limits, account_named(f"account {number}")).wait()
    before = len(limits._counters)
    clock.now += 2 * 24 * 3600

    for _ in range(1000):
        await limits.wait_for(rate_limits.POSTS, "ada")
        clock.now += 24 * 3600

    assert before == 1000
    assert len(limits._counters) <= 3


async def test_a_long_name_is_counted_under_a_short_key() -> None:
    limits = RateLimits(b"secret")

    await guessing.Tries(limits, account_named("ada@example.com" * 1000)).wait()

    [key] = limits._counters._counters
    assert len(key) < 120
    assert "example" not in key
