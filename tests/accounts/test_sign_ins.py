"""Signing in, and the cookies of sign-ins, whose signatures are remembered for a minute."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer
from quart import Quart
from sqlalchemy import insert, select, update

from quart_popovers.accounts import sign_ins as module
from quart_popovers.accounts.queries.sign_ins import SIGN_IN_LIFETIME
from quart_popovers.database import Database
from quart_popovers.models import SignIn as SignInRow
from quart_popovers.models import User, utc_now
from tests.visitor import PASSWORD, Fetch, MakeUser, SignIn, Visitor

A_MINUTE_S = 60


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
    clock.now_s += A_MINUTE_S
    checked.clear()

    for _ in range(3):
        await ada.get("/user/ada/popup")
        await ada.get("/")
    within_a_minute = len(checked)
    clock.now_s += A_MINUTE_S
    await ada.get("/user/ada/popup")

    assert within_a_minute == 1
    assert len(checked) == 2


async def test_a_forged_cookie_is_a_guest_also_beside_a_remembered_one(
    app: Quart, sign_in: SignIn
) -> None:
    ada = await sign_in("ada")
    [cookie] = [cookie for cookie in ada.client.cookie_jar or () if cookie.name == "sign-in"]
    forged = {"Cookie": f"{cookie.name}={cookie.value}x"}
    thief = Visitor(app)

    popups = [await thief.get("/user/ada/popup", headers=forged) for _ in range(2)]

    assert [popup.status for popup in popups] == [401, 401]
    assert (await ada.get("/user/ada/popup")).status == 200


async def test_long_copies_of_a_cookie_are_not_remembered(app: Quart, sign_in: SignIn) -> None:
    """Their signatures are right, since decoding Base64 skips what is none."""
    ada = await sign_in("ada")
    [cookie] = [cookie for cookie in ada.client.cookie_jar or () if cookie.name == "sign-in"]
    copy = {"Cookie": f"{cookie.name}={cookie.value}{'!' * 10_000}"}

    popup = await Visitor(app).get("/user/ada/popup", headers=copy)

    assert len(cookie.value or "") < module.LONGEST_COOKIE / 1.5
    assert popup.status == 401


async def test_a_remembered_cookie_is_invalid_after_its_sign_out(
    app: Quart, sign_in: SignIn
) -> None:
    ada = await sign_in("ada")
    thief = Visitor(app)
    thief.steal_cookies_of(ada)
    before = await thief.get("/user/ada/popup")

    await ada.sign_out()

    assert before.status == 200
    assert (await thief.get("/user/ada/popup")).status == 401


async def test_the_number_of_remembered_cookies_is_bounded(
    sign_in: SignIn, checked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KNOWN_COOKIES", 2)
    people = [await sign_in(name) for name in ("ada", "bo", "chidi")]
    checked.clear()

    answers = [await person.get("/user/ada/popup") for person in people]

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert checked  # somebody had to make room, and was let in all the same


async def insert_browsers(database: Database, user_id: int, number: int) -> None:
    """Sign-ins of so many browsers, each used an hour before the next one."""
    rows = [
        {
            "token_hash": f"browser {n}",
            "user_id": user_id,
            "user_agent": "",
            "last_seen": utc_now() - timedelta(hours=number - n),
        }
        for n in range(number)
    ]
    async with database.writer.begin() as connection:
        await connection.execute(insert(SignInRow), rows)


async def test_a_person_has_at_most_a_hundred_sign_ins_the_most_recently_used_ones(
    database: Database, make_user: MakeUser, visitor: Visitor, sign_in: SignIn, fetch: Fetch
) -> None:
    ada_id, bo = await make_user("ada"), await sign_in("bo")
    await insert_browsers(database, ada_id, 150)

    await visitor.sign_in("ada")

    kept = await fetch(select(SignInRow.token_hash).where(SignInRow.user_id == ada_id))
    old = {token_hash for [token_hash] in kept if token_hash.startswith("browser ")}
    assert len(kept) == 100
    assert old == {f"browser {n}" for n in range(51, 150)}
    assert (await visitor.get("/account")).status == (await bo.get("/account")).status == 200


async def test_the_page_of_sessions_is_short_however_many_there_are(
    database: Database, sign_in: SignIn, fetch: Fetch
) -> None:
    ada = await sign_in("ada")
    [[ada_id]] = await fetch(select(User.id))
    await insert_browsers(database, ada_id, 150)

    page = await ada.get("/account/sessions")

    assert page.text.count('<li class="session">') == 100


async def test_a_new_sign_in_takes_the_place_of_what_the_browser_had(
    database: Database, sign_in: SignIn, fetch: Fetch
) -> None:
    ada = await sign_in("ada")
    [[before]] = await fetch(select(SignInRow.token_hash))
    async with database.writer.begin() as connection:
        expired = utc_now() - SIGN_IN_LIFETIME
        await connection.execute(update(SignInRow).values(created_at=expired))

    await ada.sign_in("ada")

    [[after]] = await fetch(select(SignInRow.token_hash))
    assert before != after


async def test_a_session_from_before_signing_in_is_invalid_afterwards(
    visitor: Visitor, make_user: MakeUser
) -> None:
    """Somebody may have planted its cookie, and so know the tokens of its forms."""
    await make_user("ada")
    known_token = (await visitor.get("/login")).csrf_token
    await visitor.sign_in("ada")
    await visitor.sign_out()

    page = await visitor.post("/login", csrf_token=known_token, username="ada", password=PASSWORD)

    assert page.status == 400
