"""Limits on password guessing, for attackers and for forgetful owners."""

import asyncio

import pytest
from quart import Quart
from sqlalchemy import select

from quart_popovers.accounts import guessing
from quart_popovers.accounts.guessing import Counted
from quart_popovers.accounts.passwords import HASHER
from quart_popovers.models import SignIn as SignInRow
from quart_popovers.settings import Settings
from quart_popovers.web.counters import Counters
from quart_popovers.web.rate_limits import RateLimits
from tests.limits import Clock, guess, wait_of
from tests.visitor import PASSWORD, Fetch, MakeUser, SignIn, Visitor

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_limits": True})


def ada() -> guessing.Tries:
    return guessing.Tries(RateLimits(b"secret"), Counted("name", "ada"))


async def test_ten_wrong_passwords_are_verified_and_the_eleventh_is_not(
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
    tries = ada()

    waits = []
    for _ in range(7):
        while (wait_s := await tries.wait()) == 0:
            pass  # all that may be tried now
        waits.append(wait_s)
        clock.now += wait_s

    assert waits == [30, 60, 120, 240, 480, 900, 900]


async def test_a_patient_guesser_has_at_most_a_hundred_tries_an_hour(
    visitor: Visitor, make_user: MakeUser, clock: Clock
) -> None:
    await make_user("ada")
    begun_at, looked_at = clock.now, 0
    while clock.now < begun_at + 2 * 3600:
        [page] = await guess(visitor, "ada", 1)
        looked_at += page.status == 422
        clock.now += 10

    assert looked_at <= 2 * 100  # OWASP ASVS 4.0.3, 2.2.1


async def test_the_owner_signs_in_after_the_pause_which_resets_the_tries(
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
    """The kind of counter is part of its key, whatever is typed."""
    ada = await sign_in("ada")
    [[user_id, token_hash]] = await fetch(select(SignInRow.user_id, SignInRow.token_hash))

    for name in (token_hash, f"sign-in {token_hash}", f"person {user_id}", str(user_id)):
        await guess(Visitor(app), name, 11)
    page = await ada.submit("/account/delete", current_password="wrong horse")

    assert page.status == 422


async def test_guesses_with_a_stolen_sign_in_do_not_count_for_other_browsers(
    app: Quart, sign_in: SignIn
) -> None:
    stolen, ada = await sign_in("ada"), Visitor(app)
    await ada.sign_in("ada")
    guesses = [
        await stolen.submit("/account/delete", current_password="wrong horse") for _ in range(11)
    ]

    new = {"password": "another horse", "confirm_password": "another horse"}
    page = await ada.submit("/account/password", current_password=PASSWORD, **new)

    assert [it.status for it in guesses] == [422] * 10 + [429]
    assert page.status == 303


@pytest.mark.parametrize("name", ["ADA", " ada ", "Ada"])
async def test_another_spelling_is_the_same_account(
    visitor: Visitor, make_user: MakeUser, name: str
) -> None:
    await make_user("ada")
    await guess(visitor, "ada", 10)

    [page] = await guess(visitor, name, 1)

    assert page.status == 429


async def test_of_many_simultaneous_sign_ins_ten_are_verified(
    app: Quart, make_user: MakeUser
) -> None:
    await make_user("ada")

    pages = await asyncio.gather(*(guess(Visitor(app), "ada", 1) for _ in range(30)))

    assert sorted(page.status for [page] in pages) == [422] * 10 + [429] * 20


async def test_tries_are_counted_for_a_quarter_of_an_hour(clock: Clock) -> None:
    tries = ada()

    at_once = [await tries.wait() for _ in range(9)]
    clock.now += 14 * 60
    before_its_end = [await tries.wait() for _ in range(2)]
    clock.now += 31 * 60
    after_its_end = [await tries.wait() for _ in range(10)]

    assert at_once == [0] * 9
    assert before_its_end == [0, 30]  # the tenth goes on and begins a pause
    assert after_its_end == [0] * 10


async def test_pauses_grow_for_a_day_and_then_start_again(clock: Clock) -> None:
    tries = ada()

    async def next_pause() -> float:
        while (wait_s := await tries.wait()) == 0:
            pass
        return wait_s

    pauses = [await next_pause()]
    clock.now += 10 * 3600
    pauses.append(await next_pause())
    clock.now += 14 * 3600
    pauses.append(await next_pause())

    assert pauses == [30, 60, 30]


async def test_the_right_password_clears_the_pauses_too(clock: Clock) -> None:
    tries = ada()
    for _ in range(3):
        while (wait_s := await tries.wait()) == 0:
            pass
        clock.now += wait_s

    await tries.reset()

    assert [await tries.wait() for _ in range(11)] == [0] * 10 + [30]


class SharedCounters(Counters):
    """As in Redis: several guesses look for a pause before one of them has begun it."""

    async def get(self, key: str) -> int:
        found = await super().get(key)
        await asyncio.sleep(0)
        return found


async def test_of_many_simultaneous_guesses_ten_go_on_and_begin_one_pause(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = RateLimits(b"secret")
    monkeypatch.setattr(limits, "_counters", SharedCounters())
    tries = guessing.Tries(limits, Counted("name", "ada"))

    waits = await asyncio.gather(*(tries.wait() for _ in range(30)))
    clock.now += 30
    next_waits = [await tries.wait() for _ in range(2)]

    assert sorted(waits) == [0] * 10 + [30] * 20
    assert next_waits == [0, 60]


async def test_a_long_name_is_counted_under_a_short_key() -> None:
    limits = RateLimits(b"secret")

    await guessing.Tries(limits, Counted("name", "ada@example.com" * 1000)).wait()

    [key] = limits._counters._counters
    assert len(key) < 120
    assert "example" not in key
