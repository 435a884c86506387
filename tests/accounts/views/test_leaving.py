"""Account → Delete."""

import asyncio

import pytest
from quart import Quart
from sqlalchemy import select

from quart_popovers.accounts.forms import WRONG_PASSWORD
from quart_popovers.accounts.queries.people import Viewer
from quart_popovers.accounts.sign_ins import current_viewer
from quart_popovers.feed import views as feed
from quart_popovers.models import Base, Post, User
from quart_popovers.models import SignIn as SignInRow
from tests.visitor import PASSWORD, Fetch, Page, SignIn, Visitor


async def delete(visitor: Visitor, password: str = PASSWORD) -> Page:
    return await visitor.submit("/account/delete", current_password=password)


async def test_the_account_is_deleted_with_its_comments_and_sign_ins_only(
    app: Quart, sign_in: SignIn, fetch: Fetch
) -> None:
    ada, phone, bo = await sign_in("ada"), Visitor(app), await sign_in("bo")
    await phone.sign_in("ada")
    await ada.post_comment("Hers")
    await bo.post_comment("His")

    page = await delete(ada)

    shown = await ada.follow(page)
    assert (page.status, page.location) == (303, "/register")
    assert shown.flashes == ["Your account and all your comments are deleted."]
    assert shown.navigation == ["Quart Popovers", "Sign in", "Register"]
    assert await fetch(select(User.username)) == [("bo",)]
    assert await fetch(select(Post.body)) == [("His",)]
    assert len(await fetch(select(SignInRow.token_hash))) == 1
    assert (await phone.get("/user/bo/popup")).status == 401
    assert (await phone.get("/")).status == 303
    assert (await Visitor(app).sign_in("ada")).status == 422
    assert "Hers" not in (await bo.get("/")).text


async def test_every_table_about_people_is_deleted_by_cascade() -> None:
    keys = [key for table in Base.metadata.sorted_tables for key in table.foreign_keys]

    assert keys
    assert {key.ondelete for key in keys if key.column.table.name == "users"} == {"CASCADE"}


async def test_the_popup_and_page_of_somebody_deleted_are_a_clean_404(sign_in: SignIn) -> None:
    ada, bo = await sign_in("ada"), await sign_in("bo")
    before = await bo.get("/user/ada/popup")

    await delete(ada)

    popup, page = await bo.get("/user/ada/popup"), await bo.get("/user/ada")
    assert (before.status, popup.status, page.status) == (200, 404, 404)
    assert "<html" not in popup.text
    assert "This person is no longer here." in popup.text


async def test_a_wrong_password_deletes_nothing(sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada")

    page = await delete(ada, "wrong horse")

    assert (page.status, page.errors_beside("current_password")) == (422, WRONG_PASSWORD)
    assert await fetch(select(User.username)) == [("ada",)]


async def test_the_name_and_address_are_free_again_but_nothing_of_the_old_person_is_left(
    sign_in: SignIn, visitor: Visitor, fetch: Fetch
) -> None:
    ada = await sign_in("ada")
    [[old_id]] = await fetch(select(User.id))
    await delete(ada)

    await visitor.register("ada")

    [[new_id]] = await fetch(select(User.id))
    assert new_id > old_id
    assert (await ada.get("/")).status == 303


async def test_a_comment_that_comes_after_its_author_has_gone_asks_to_sign_in(
    app: Quart, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, fetch: Fetch
) -> None:
    ada, phone = await sign_in("ada"), Visitor(app)
    await phone.sign_in("ada")
    is_known, may_go_on = asyncio.Event(), asyncio.Event()

    async def know_and_wait() -> Viewer:
        viewer = await current_viewer()
        is_known.set()
        await may_go_on.wait()
        return viewer

    monkeypatch.setattr(feed, "current_viewer", know_and_wait)
    posting = asyncio.create_task(phone.post_comment("Too late"))
    await is_known.wait()

    await delete(ada)
    may_go_on.set()
    page = await posting

    assert page.status == 303
    assert (page.location or "").startswith("/login")
    assert await fetch(select(Post.id)) == []


async def test_the_page_says_what_will_be_deleted(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/account/delete")

    assert 'autocomplete="current-password"' in page.text
    assert "Your account, your profile and all your comments will be deleted" in page.text
