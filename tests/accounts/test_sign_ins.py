"""Cookies whose signature was checked once: known for a minute, and worth no more than others."""

from collections.abc import Callable

import pytest
from itsdangerous import URLSafeTimedSerializer
from quart import Quart

from quart_popovers.accounts import sign_ins as module
from tests.visitor import SignIn, Visitor


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 1000.0
        monkeypatch.setattr(module, "monotonic", lambda: self.now_s)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The cookies of sign-ins whose signature was checked."""
    found: list[object] = []
    loads: Callable[..., object] = URLSafeTimedSerializer.loads

    def note(serializer: URLSafeTimedSerializer, token: object, **options: object) -> object:
        if serializer.salt == b"quart auth salt":
            found.append(token)
        return loads(serializer, token, **options)

    monkeypatch.setattr(URLSafeTimedSerializer, "loads", note)
    return found


async def test_a_signature_is_checked_once_a_minute(
    sign_in: SignIn, checked: list[object], clock: Clock
) -> None:
    ada = await sign_in("ada")
    clock.now_s += module.KNOWN_FOR_S
    checked.clear()

    for _ in range(3):
        await ada.get("/user/ada/popup")
        await ada.get("/")
    within_a_minute = len(checked)
    clock.now_s += module.KNOWN_FOR_S
    await ada.get("/user/ada/popup")

    assert within_a_minute == 1
    assert len(checked) == 2


async def test_a_forged_cookie_beside_a_known_one_is_a_guest(app: Quart, sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    [cookie] = [cookie for cookie in ada.client.cookie_jar or () if cookie.name == "sign-in"]
    forged = {"Cookie": f"{cookie.name}={cookie.value}x"}
    thief = Visitor(app)

    popups = [await thief.get("/user/ada/popup", headers=forged) for _ in range(2)]

    assert [popup.status for popup in popups] == [401, 401]
    assert (await ada.get("/user/ada/popup")).status == 200


async def test_a_known_cookie_is_dead_after_its_sign_out(app: Quart, sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    thief = Visitor(app)
    thief.steal_cookies_of(ada)
    before = await thief.get("/user/ada/popup")

    await ada.sign_out()

    assert before.status == 200
    assert (await thief.get("/user/ada/popup")).status == 401


async def test_only_so_many_cookies_are_known_at_once(
    sign_in: SignIn, checked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN_COOKIES", 2)
    people = [await sign_in(name) for name in ("ada", "bo", "chidi")]
    checked.clear()

    answers = [await person.get("/user/ada/popup") for person in people]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert checked  # somebody had to make room, and was let in all the same
