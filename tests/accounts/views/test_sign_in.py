"""Sign in."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from quart import Quart
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers import create_app
from quart_popovers.accounts.passwords import HASHER
from quart_popovers.accounts.sign_ins import hash_token
from quart_popovers.database import Database
from quart_popovers.models import SignIn as SignInRow
from quart_popovers.models import User, utc_now
from quart_popovers.services import services
from quart_popovers.settings import Settings
from tests.hashing import SHIPPED_PARAMETERS
from tests.visitor import PASSWORD, Fetch, MakeUser, SignIn, Visitor

THIRTY_DAYS_S = 30 * 24 * 3600
REFUSED = ["Invalid username or password"]


@pytest.mark.parametrize(
    "name", ["Ada", "ada", "ADA", " Ada ", "ada@example.com", "ADA@example.com"]
)
async def test_a_person_signs_in_with_username_or_address(
    visitor: Visitor, make_user: MakeUser, name: str
) -> None:
    await make_user("Ada")

    page = await visitor.sign_in(name)
    shown = await visitor.follow(page)

    assert (page.status, page.location) == (303, "/")
    assert (shown.status, shown.flashes) == (200, ["Welcome back, Ada!"])


async def test_the_navigation_differs_for_guests_and_people(
    visitor: Visitor, sign_in: SignIn
) -> None:
    ada = await sign_in("ada")

    for_guest = await visitor.get("/login")
    for_ada = await ada.get("/")

    assert for_guest.navigation == ["Quart Popovers", "Sign in", "Register"]
    assert for_ada.navigation == ["Quart Popovers", "Home", "Profile", "Sign out"]


@pytest.mark.parametrize(
    ("name", "password"),
    [("ada", "wrong horse"), ("nobody", PASSWORD), ("ada", PASSWORD + " ")],
)
async def test_wrong_name_and_wrong_password_answer_alike_and_take_one_hash_each(
    visitor: Visitor,
    make_user: MakeUser,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    password: str,
) -> None:
    await make_user("ada")
    hashed, verify = [], HASHER.verify_and_update

    def count(given: str, against: str) -> tuple[bool, str | None]:
        hashed.append(against)
        return verify(given, against)

    monkeypatch.setattr(HASHER, "verify_and_update", count)

    page = await visitor.sign_in(name, password)

    assert (page.status, page.form_errors) == (422, REFUSED)
    assert page.errors_beside("username") == page.errors_beside("password") == ""
    assert page.value_of("password") == ""
    assert len(hashed) == 1


@pytest.mark.parametrize("field", ["username", "password"])
async def test_an_empty_field_is_a_message_beside_it(visitor: Visitor, field: str) -> None:
    page = await visitor.submit(
        "/login", **({"username": "ada", "password": PASSWORD} | {field: ""})
    )

    assert page.status == 422
    assert page.errors_beside(field).startswith("Enter your")


async def test_a_refused_form_keeps_the_name_and_the_check_mark(
    visitor: Visitor,
) -> None:
    page = await visitor.sign_in("ada", remember_me="y")

    assert page.value_of("username") == "ada"
    assert '<input checked id="remember_me"' in page.text


async def test_after_signing_in_a_guest_is_redirected_to_the_page_asked_for(
    visitor: Visitor, make_user: MakeUser
) -> None:
    await make_user("ada")

    sent_away = await visitor.get("/user/ada?before=7")
    login = await visitor.follow(sent_away)
    back = await visitor.post(
        sent_away.location or "", csrf_token=login.csrf_token, username="ada", password=PASSWORD
    )

    assert sent_away.status == 303
    assert (sent_away.location or "").startswith("/login?next=")
    assert login.flashes == ["Please sign in to see this page."]
    assert (back.status, back.location) == (303, "/user/ada?before=7")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
async def test_next_never_leads_to_another_site(
    visitor: Visitor, make_user: MakeUser, wanted: str
) -> None:
    await make_user("ada")
    path = f"/login?next={wanted}"

    page = await visitor.submit(path, username="ada", password=PASSWORD)

    assert (page.status, page.location) == (303, "/")


async def test_a_signed_in_person_is_redirected_to_the_page_asked_for(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/login?next=/edit-profile")

    assert (page.status, page.location) == (303, "/edit-profile")


async def test_without_remember_me_the_cookie_ends_with_the_browser(
    visitor: Visitor, make_user: MakeUser
) -> None:
    await make_user("ada")

    page = await visitor.sign_in("ada")

    cookie = SimpleCookie(page.cookie("sign-in"))["sign-in"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


async def test_with_remember_me_the_cookie_lasts_30_days(
    visitor: Visitor, make_user: MakeUser
) -> None:
    await make_user("ada")

    page = await visitor.sign_in("ada", remember_me="y")

    cookie = SimpleCookie(page.cookie("sign-in"))["sign-in"]
    assert int(cookie["max-age"]) == THIRTY_DAYS_S


async def test_a_remembered_cookie_is_not_forgotten_by_reading_pages(
    visitor: Visitor, make_user: MakeUser
) -> None:
    await make_user("ada")
    await visitor.sign_in("ada", remember_me="y")

    page = await visitor.get("/")

    assert page.cookie("sign-in") == ""


async def test_cookies_are_secure_and_bound_to_this_host_by_default(
    settings: Settings, make_user: MakeUser
) -> None:
    await make_user("ada")
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    async with app.test_app():
        visitor = Visitor(app, scheme="https")

        page = await visitor.sign_in("ada")

    for name in ("__Host-sign-in", "__Host-session"):
        cookie = SimpleCookie(page.cookie(name))[name]
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


async def test_each_sign_in_is_a_row_with_a_hash_of_its_token_only(
    app: Quart, make_user: MakeUser, fetch: Fetch
) -> None:
    ada_id = await make_user("ada")
    phone, laptop = Visitor(app), Visitor(app)

    pages = [await phone.sign_in("ada"), await laptop.sign_in("ada")]

    rows = await fetch(select(SignInRow.token_hash, SignInRow.user_id))
    assert [user_id for _, user_id in rows] == [ada_id, ada_id]
    assert len({token_hash for token_hash, _ in rows}) == 2
    cookies = " ".join(page.cookie("sign-in") for page in pages)
    assert not any(token_hash in cookies for token_hash, _ in rows)
    assert all(len(token_hash) == len(hash_token("")) for token_hash, _ in rows)


async def test_a_sign_in_ends_after_30_days_and_is_tidied_away_at_the_next_visit(
    app: Quart, database: Database, sign_in: SignIn, fetch: Fetch
) -> None:
    ada = await sign_in("ada")
    async with AsyncSession(database.writer) as db, db.begin():
        long_ago = utc_now() - timedelta(seconds=THIRTY_DAYS_S + 1)
        await db.execute(update(SignInRow).values(created_at=long_ago))

    page, popup = await ada.get("/"), await ada.get("/user/ada/popup")
    again = Visitor(app)
    await again.follow(await again.sign_in("ada"))
    await services(app).last_seen.flush()

    assert (page.status, popup.status) == (303, 401)
    assert len(await fetch(select(SignInRow.token_hash))) == 1


@pytest.mark.usefixtures("shipped_hashing")
async def test_a_hash_with_weaker_parameters_is_renewed(
    visitor: Visitor, make_user: MakeUser, fetch: Fetch
) -> None:
    weak = PasswordHash((Argon2Hasher(memory_cost=8, time_cost=1, parallelism=1),)).hash(PASSWORD)
    await make_user("ada", password_hash=weak)

    page = await visitor.sign_in("ada")

    [[renewed]] = await fetch(select(User.password_hash))
    assert page.status == 303
    assert renewed.startswith(SHIPPED_PARAMETERS)
    assert HASHER.verify(PASSWORD, renewed)
