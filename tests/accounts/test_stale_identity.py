"""The viewer is looked up in the transaction that acts, not when the request begins."""

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from quart import Quart
from quart.wrappers.request import Body
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.accounts import authentication, lifecycle
from quart_popovers.accounts.forms import WRONG_PASSWORD
from quart_popovers.accounts.passwords import hash_password, verify_password
from quart_popovers.accounts.queries.people import Viewer
from quart_popovers.accounts.sign_ins import current_viewer
from quart_popovers.database import Database
from quart_popovers.models import Post, User
from quart_popovers.models import SignIn as SignInRow
from tests.visitor import PASSWORD, Fetch, MakeUser, Page, SignIn, Visitor

MALLORYS = "password of mallory"

Send = Callable[..., Any]


class Gate:
    """A point at which a request waits until the test opens it."""

    def __init__(self) -> None:
        self.is_reached, self.is_open = asyncio.Event(), asyncio.Event()

    async def wait(self) -> None:
        self.is_reached.set()
        await self.is_open.wait()


@pytest.fixture
def change(database: Database) -> Send:
    """Change the database from outside, in one transaction."""

    async def change(*statements: Any) -> None:
        async with AsyncSession(database.writer) as db, db.begin():
            for statement in statements:
                await db.execute(statement)

    return change


@pytest.fixture
def hold_after_verification(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Gate]:
    """From now on, stop requests after their password is verified."""

    def hold() -> Gate:
        gate = Gate()

        async def verify_and_wait(*given: Any, **options: Any) -> tuple[bool, str | None]:
            verdict = await verify_password(*given, **options)
            await gate.wait()
            return verdict

        monkeypatch.setattr(authentication, "verify_password", verify_and_wait)
        return gate

    return hold


def take_name_of(victim: str, thief: str) -> list[Any]:
    return [
        update(User).where(User.username == victim).values(username="renamed"),
        update(User).where(User.username == thief).values(username=victim),
    ]


@pytest.fixture
def post_with_late_body(monkeypatch: pytest.MonkeyPatch) -> Send:
    """Send the head of a request, then do something else, then send the body."""
    is_awaited = asyncio.Event()

    class NoticedBody(Body):
        def __await__(self) -> Any:
            is_awaited.set()
            return super().__await__()

    async def post(visitor: Visitor, path: str, meanwhile: Callable[[], Any], **fields: str) -> int:
        token = (await visitor.get("/account/password")).csrf_token
        monkeypatch.setattr(visitor.app.request_class, "body_class", NoticedBody)
        headers = {"X-CSRF-Token": token, "Content-Type": "application/x-www-form-urlencoded"}
        async with visitor.client.request(path, method="POST", headers=headers) as connection:
            await is_awaited.wait()
            await meanwhile()
            await connection.send(urlencode(fields).encode())
            await connection.send_complete()
        return int((await connection.as_response()).status_code)

    return post


@pytest.mark.parametrize("path", ["/account/delete", "/account/password"])
async def test_a_stolen_cookie_does_nothing_with_the_password_of_another_account(
    *,
    sign_in: SignIn,
    make_user: MakeUser,
    fetch: Fetch,
    change: Send,
    post_with_late_body: Send,
    path: str,
) -> None:
    """While the body is held back, the victim's name goes to an account of the thief's own."""
    stolen = await sign_in("ada")
    await make_user("mallory", password_hash=await hash_password(MALLORYS))
    before = await fetch(select(User.id, User.password_hash).order_by(User.id))

    status = await post_with_late_body(
        stolen,
        path,
        lambda: change(*take_name_of("ada", "mallory")),
        current_password=MALLORYS,
        password="chosen by mallory",
        confirm_password="chosen by mallory",
    )

    assert status == 422
    assert await fetch(select(User.id, User.password_hash).order_by(User.id)) == before


async def test_an_account_is_confirmed_by_id_also_when_its_name_moves_during_the_look_up(
    sign_in: SignIn,
    make_user: MakeUser,
    fetch: Fetch,
    change: Send,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stolen = await sign_in("ada")
    await make_user("mallory", password_hash=await hash_password(MALLORYS))

    async def look_up_and_swap_names() -> Viewer:
        viewer = await current_viewer()
        await change(*take_name_of("ada", "mallory"))
        return viewer

    monkeypatch.setattr(lifecycle, "current_viewer", look_up_and_swap_names)

    page = await stolen.submit("/account/delete", current_password=MALLORYS)

    assert (page.status, page.errors_beside("current_password")) == (422, WRONG_PASSWORD)
    assert len(await fetch(select(User.id))) == 2


async def test_an_account_is_not_deleted_with_a_password_that_was_changed_meanwhile(
    sign_in: SignIn, fetch: Fetch, change: Send, hold_after_verification: Callable[[], Gate]
) -> None:
    ada = await sign_in("ada")
    verification = hold_after_verification()
    deleting = asyncio.create_task(ada.submit("/account/delete", current_password=PASSWORD))
    await verification.is_reached.wait()

    await change(update(User).values(password_hash=await hash_password("another horse")))
    verification.is_open.set()
    page = await deleting

    assert (page.status, page.errors_beside("current_password")) == (422, WRONG_PASSWORD)
    assert await fetch(select(User.username)) == [("ada",)]


@pytest.mark.parametrize("path", ["/account/delete", "/account/password"])
async def test_a_sign_in_that_is_ended_while_the_password_is_verified_changes_nothing(
    sign_in: SignIn,
    fetch: Fetch,
    change: Send,
    hold_after_verification: Callable[[], Gate],
    path: str,
) -> None:
    thief = await sign_in("ada")
    verification = hold_after_verification()
    before = await fetch(select(User.password_hash))
    fields = {"current_password": PASSWORD, "password": "another horse"}
    acting: asyncio.Task[Page] = asyncio.create_task(
        thief.submit(path, **fields, confirm_password="another horse")
    )
    await verification.is_reached.wait()

    await change(delete(SignInRow))
    verification.is_open.set()
    page = await acting

    assert (page.status, (page.location or "").partition("?")[0]) == (303, "/login")
    assert await fetch(select(User.password_hash)) == before


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/", {"body": "in her name"}),
        ("/edit-profile", {"username": "hers", "about_me": "not hers"}),
        ("/account/sessions/end-others", {}),
    ],
)
async def test_a_sign_in_that_is_ended_while_the_body_arrives_changes_nothing(
    *,
    app: Quart,
    sign_in: SignIn,
    fetch: Fetch,
    change: Send,
    post_with_late_body: Send,
    path: str,
    fields: dict[str, str],
) -> None:
    thief, ada = await sign_in("ada"), Visitor(app)
    [[of_thief]] = await fetch(select(SignInRow.token_hash))
    await ada.sign_in("ada")

    status = await post_with_late_body(
        thief,
        path,
        lambda: change(delete(SignInRow).where(SignInRow.token_hash == of_thief)),
        **fields,
    )

    assert status == 303
    assert await fetch(select(User.username, User.about_me)) == [("ada", "")]
    assert await fetch(select(Post.id)) == []
    assert (await ada.get("/account")).status == 200
