"""Register: what a new person sees, and what is stored."""

import asyncio

import pytest
from quart import Quart
from sqlalchemy import event, select
from sqlalchemy.util import await_only

from quart_popovers.accounts.forms import EMAIL_TAKEN, USERNAME_TAKEN
from quart_popovers.database import Database
from quart_popovers.models import User
from tests.hashing import SHIPPED_PARAMETERS
from tests.visitor import PASSWORD, Fetch, MakeUser, Page, SignIn, Visitor


async def test_a_new_person_can_sign_in(visitor: Visitor) -> None:
    page = await visitor.register("ada")
    shown = await visitor.follow(page)
    signed_in = await visitor.sign_in("ada")

    assert (page.status, page.location) == (303, "/login")
    assert shown.flashes == ["Welcome, ada! Your account is ready. Please sign in."]
    assert signed_in.status == 303


@pytest.mark.usefixtures("shipped_hashing")
async def test_the_password_is_kept_only_as_an_argon2id_hash(
    visitor: Visitor, fetch: Fetch
) -> None:
    await visitor.register("ada")

    [[kept]] = await fetch(select(User.password_hash))
    assert kept.startswith(SHIPPED_PARAMETERS)
    assert PASSWORD not in kept


async def test_blanks_around_name_and_address_are_removed(visitor: Visitor, fetch: Fetch) -> None:
    page = await visitor.register("ada", username="  ada ", email=" Ada@Example.com ")

    assert page.status == 303
    assert await fetch(select(User.username, User.email)) == [("ada", "ada@example.com")]


@pytest.mark.parametrize("username", ["a", "7", "A.b-c_d", "x" * 64, "9lives", "a.", "a--"])
async def test_a_good_username_is_accepted(visitor: Visitor, username: str) -> None:
    page = await visitor.register("ada", username=username)

    assert page.status == 303


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("username", "", "Choose a username."),
        ("username", "   ", "Choose a username."),
        ("username", "x" * 65, "A username has at most 64 characters."),
        ("username", "_ada", "start with a letter or digit"),
        ("username", ".ada", "start with a letter or digit"),
        ("username", "-ada", "start with a letter or digit"),
        ("username", "a b", "Use letters"),
        ("username", "ada/../bo", "Use letters"),
        ("username", "аda", "Use letters"),  # a Cyrillic letter
        ("username", "ada\nbo", "Use letters"),
        ("username", "<b>ada</b>", "Use letters"),
        ("email", "", "Enter your email address."),
        ("email", "ada", "Enter an email address"),
        ("email", "ada@", "Enter an email address"),
        ("email", "ada@example", "Enter an email address"),
        ("email", "a b@example.com", "Enter an email address"),
        ("email", f"{'x' * 64}@{'y' * 60}.{'z' * 60}.{'w' * 60}.{'v' * 60}.com", "at most 254"),
        ("password", "", "Choose a password."),
        ("password", "seven77", "A password has 8 to 128 characters."),
        ("password", "x" * 129, "A password has 8 to 128 characters."),
        ("confirm_password", "", "Enter the password once more."),
        ("confirm_password", "correct hors", "The two passwords are not the same."),
    ],
)
async def test_bad_input_is_a_message_beside_its_field(
    visitor: Visitor, fetch: Fetch, field: str, value: str, message: str
) -> None:
    page = await visitor.register("ada", **{field: value})

    assert page.status == 422
    assert message in page.errors_beside(field)
    assert await fetch(select(User.id)) == []


async def test_a_refused_form_keeps_what_was_typed_but_no_password(visitor: Visitor) -> None:
    page = await visitor.register("ada", email="nowhere")

    assert page.value_of("username") == "ada"
    assert page.value_of("email") == "nowhere"
    assert PASSWORD not in page.text


async def test_an_empty_form_is_refused_field_by_field(visitor: Visitor) -> None:
    page = await visitor.submit("/register")

    assert page.status == 422
    assert all(
        page.errors_beside(it) for it in ("username", "email", "password", "confirm_password")
    )


@pytest.mark.parametrize("username", ["ada", "ADA", "aDa"])
async def test_a_taken_username_is_refused_whatever_its_case(
    visitor: Visitor, make_user: MakeUser, username: str
) -> None:
    await make_user("Ada", email="first@example.com")

    page = await visitor.register(username)

    assert page.status == 422
    assert page.errors_beside("username") == USERNAME_TAKEN
    assert page.errors_beside("email") == ""


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.COM"])
async def test_a_taken_address_is_refused_whatever_its_case(
    visitor: Visitor, make_user: MakeUser, email: str
) -> None:
    await make_user("ada", email="ada@example.com")

    page = await visitor.register("bo", email=email)

    assert page.status == 422
    assert page.errors_beside("email") == EMAIL_TAKEN
    assert page.errors_beside("username") == ""


async def register_at_once(database: Database, *newcomers: tuple[Visitor, str, str]) -> list[Page]:
    """Let all of them pass the check for taken names before the first is added."""
    checked, all_checked = [], asyncio.Event()

    def note_check(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "EXISTS" in statement:
            checked.append(statement)
        if len(checked) == len(newcomers):
            all_checked.set()

    def hold_insert(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO users"):
            await_only(all_checked.wait())

    reader, writer = database.reader.sync_engine, database.writer.sync_engine
    event.listen(reader, "after_cursor_execute", note_check)
    event.listen(writer, "before_cursor_execute", hold_insert)
    return await asyncio.gather(
        *(visitor.register(username, email=email) for visitor, username, email in newcomers)
    )


async def test_of_two_people_who_submit_one_name_at_once_one_gets_it(
    app: Quart, database: Database, fetch: Fetch
) -> None:
    pages = await register_at_once(
        database,
        (Visitor(app), "ada", "one@example.com"),
        (Visitor(app), "ADA", "two@example.com"),
    )

    assert sorted(page.status for page in pages) == [303, 422]
    refused = max(pages, key=lambda page: page.status)
    assert refused.errors_beside("username") == USERNAME_TAKEN
    assert len(await fetch(select(User.id))) == 1


async def test_of_two_people_who_submit_one_address_at_once_one_gets_it(
    app: Quart, database: Database, fetch: Fetch
) -> None:
    pages = await register_at_once(
        database,
        (Visitor(app), "ada", "same@example.com"),
        (Visitor(app), "bo", "Same@example.com"),
    )

    assert sorted(page.status for page in pages) == [303, 422]
    refused = max(pages, key=lambda page: page.status)
    assert refused.errors_beside("email") == EMAIL_TAKEN
    assert len(await fetch(select(User.id))) == 1


async def test_a_signed_in_person_is_redirected_to_the_feed(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/register")

    assert (page.status, page.location) == (303, "/")
