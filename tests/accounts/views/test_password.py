"""Account → Password."""

import asyncio
from typing import Any

import pytest
from quart import Quart
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.accounts import authentication
from quart_popovers.accounts.forms import WRONG_PASSWORD
from quart_popovers.accounts.passwords import hash_password, verify_password
from quart_popovers.accounts.weak_passwords import NO_SECRET, TOO_COMMON
from quart_popovers.database import Database
from quart_popovers.models import SignIn as SignInRow
from quart_popovers.models import User
from tests.visitor import PASSWORD, Fetch, Page, SignIn, Visitor

NEW = "another horse"


async def change(visitor: Visitor, **fields: str) -> Page:
    good = {"current_password": PASSWORD, "password": NEW, "confirm_password": NEW}
    return await visitor.submit("/account/password", **(good | fields))


async def test_the_new_password_works_and_the_old_one_does_not(app: Quart, sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await change(ada)

    shown = await ada.follow(page)
    with_old, with_new = await Visitor(app).sign_in("ada"), await Visitor(app).sign_in("ada", NEW)
    assert shown.flashes == ["Your password is changed. All other browsers are signed out."]
    assert (with_old.status, with_new.status) == (422, 303)


async def test_all_other_sign_ins_end_and_this_one_stays(app: Quart, sign_in: SignIn) -> None:
    ada, thief = await sign_in("ada"), Visitor(app)
    await thief.sign_in("ada")

    await change(ada)

    assert (await thief.get("/user/ada/popup")).status == 401
    assert (await thief.get("/")).status == 303
    assert (await ada.get("/")).status == 200


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("current_password", "", "Enter your current password."),
        ("current_password", "wrong horse", WRONG_PASSWORD),
        ("password", "", "Choose a password."),
        ("password", "seven77", "A password has 8 to 128 characters."),
        ("confirm_password", "", "Enter the password once more."),
        ("confirm_password", "correct hors", "The two passwords are not the same."),
    ],
)
async def test_bad_input_is_a_message_beside_its_field_and_changes_nothing(
    sign_in: SignIn, fetch: Fetch, field: str, value: str, message: str
) -> None:
    ada = await sign_in("ada")
    phone = Visitor(ada.app)
    await phone.sign_in("ada")
    before = await fetch(select(User.password_hash))

    page = await change(ada, **{field: value})

    assert page.status == 422
    assert page.errors_beside(field) == message
    assert await fetch(select(User.password_hash)) == before
    assert (await phone.get("/")).status == 200


@pytest.mark.parametrize(
    ("password", "message"), [("Baseball", TOO_COMMON), ("Ada@Example.com", NO_SECRET)]
)
async def test_a_weak_password_is_refused_beside_the_field(
    sign_in: SignIn, password: str, message: str
) -> None:
    ada = await sign_in("ada")

    page = await change(ada, password=password, confirm_password=password)

    assert page.status == 422
    assert page.errors_beside("password") == message


async def test_password_managers_know_what_the_fields_are(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/account/password")
    well_known = await ada.get("/.well-known/change-password")

    for name, purpose in (
        ("current_password", "current-password"),
        ("password", "new-password"),
        ("confirm_password", "new-password"),
    ):
        assert f'autocomplete="{purpose}" id="{name}"' in page.text
    assert 'autocomplete="username" value="ada"' in page.text
    assert (well_known.status, well_known.location) == (303, "/account/password")


async def test_a_sign_in_that_began_with_the_old_password_fails(
    app: Quart, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, fetch: Fetch
) -> None:
    ada, thief = await sign_in("ada"), Visitor(app)
    is_checked, may_go_on = asyncio.Event(), asyncio.Event()

    async def check_and_wait(*given: Any, **options: Any) -> tuple[bool, str | None]:
        verdict = await verify_password(*given, **options)
        is_checked.set()
        await may_go_on.wait()
        return verdict

    monkeypatch.setattr(authentication, "verify_password", check_and_wait)
    signing_in = asyncio.create_task(thief.sign_in("ada"))
    await is_checked.wait()
    monkeypatch.undo()

    await change(ada)
    may_go_on.set()
    page = await signing_in

    assert (page.status, page.form_errors) == (422, ["Invalid username or password"])
    assert len(await fetch(select(SignInRow.token_hash))) == 1


async def test_renewing_a_weak_hash_never_restores_an_old_password(
    app: Quart, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    await sign_in("ada")
    new_hash, renewed = await hash_password(NEW), await hash_password(PASSWORD)

    async def check_while_it_changes(*_given: str, **_options: bool) -> tuple[bool, str]:
        async with AsyncSession(database.writer) as db, db.begin():
            await db.execute(update(User).values(password_hash=new_hash))
        return True, renewed

    monkeypatch.setattr(authentication, "verify_password", check_while_it_changes)
    with_old = await Visitor(app).sign_in("ada")
    monkeypatch.undo()

    assert with_old.status == 422
    assert (await Visitor(app).sign_in("ada", NEW)).status == 303
