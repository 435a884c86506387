"""People's Gravatars: fetched once, kept for a day, and shown as their people wish."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path

import pytest
from quart import Quart
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.avatars import gravatars
from quart_popovers.database import Database
from quart_popovers.models import User
from tests.avatars.gravatar_server import GravatarServer, response
from tests.avatars.looking import (
    DRAWN,
    DRAWN_FOR_NOW,
    PHOTO,
    address_of,
    look_at,
    look_twice,
    settle,
)
from tests.visitor import PASSWORD, MakePost, MakeUser, SignIn, Visitor

NO_PICTURE = response(404)
HOUR_S = 3600


@pytest.fixture
async def app(make_site: Callable[[], Quart]) -> AsyncIterator[Quart]:
    app = make_site()
    async with app.test_app():
        yield app


def make_older(folder: Path, age_s: float) -> None:
    """Let so much time pass for the stored pictures."""
    for path in folder.iterdir():
        os.utime(path, (time.time() - age_s,) * 2)


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.usefixtures("bo")
async def test_a_person_is_drawn_until_the_gravatar_is_here(
    app: Quart, ada: Visitor, gravatar: GravatarServer
) -> None:
    address = await address_of("bo", ada)

    first, then = await look_twice(address, app)
    again = await look_at(address, app)

    assert (first.media_type, first.cache_control) == DRAWN_FOR_NOW
    assert then == again == PHOTO
    digest = sha256(b"bo@example.com").hexdigest()
    assert [request.split()[1] for request in gravatar.requests] == [
        f"/avatar/{digest}?s=160&d=404"
    ]


@pytest.mark.usefixtures("bo")
async def test_that_a_person_has_none_is_remembered(
    app: Quart, ada: Visitor, gravatar: GravatarServer
) -> None:
    gravatar.answer = NO_PICTURE
    address = await address_of("bo", ada)

    _first, then = await look_twice(address, app)
    await settle(app)

    assert (then.media_type, then.cache_control) == DRAWN
    assert len(gravatar.requests) == 1


@pytest.mark.usefixtures("bo")
async def test_a_picture_of_half_a_day_is_shown_and_fetched_again(
    app: Quart, ada: Visitor, gravatar: GravatarServer, folder: Path
) -> None:
    address = await address_of("bo", ada)
    await look_twice(address, app)
    make_older(folder, 13 * HOUR_S)
    gravatar.answer = NO_PICTURE

    stale, then = await look_twice(address, app)

    assert stale == PHOTO
    assert (then.media_type, then.cache_control) == DRAWN


@pytest.mark.usefixtures("bo")
async def test_a_picture_of_more_than_a_day_is_not_shown(
    app: Quart, ada: Visitor, folder: Path
) -> None:
    address = await address_of("bo", ada)
    await look_twice(address, app)
    make_older(folder, 25 * HOUR_S)

    first, then = await look_twice(address, app)

    assert (first.media_type, first.cache_control) == DRAWN_FOR_NOW
    assert then == PHOTO


@pytest.mark.usefixtures("bo")
async def test_workers_share_what_one_of_them_has_fetched(
    app: Quart, ada: Visitor, gravatar: GravatarServer, make_site: Callable[[], Quart]
) -> None:
    address = await address_of("bo", ada)
    await look_twice(address, app)
    other_worker = make_site()

    async with other_worker.test_app():
        assert await look_at(address, other_worker) == PHOTO

    assert len(gravatar.requests) == 1


async def test_pictures_are_fetched_one_at_a_time_and_few_wait(
    app: Quart,
    ada: Visitor,
    gravatar: GravatarServer,
    make_user: MakeUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gravatars, "MOST_WANTED", 2)
    names = [f"person{n}" for n in range(5)]
    for name in names:
        await make_user(name)
    addresses = [await address_of(name, ada) for name in names]
    gravatar.gate.clear()

    for address in (addresses[0], *addresses):
        await look_at(address, app)
        await gravatar.asked.wait()
    at_first = len(gravatar.requests)
    gravatar.gate.set()
    await settle(app)

    assert (at_first, len(gravatar.requests)) == (1, 3)


async def test_an_invented_version_is_never_looked_up(
    app: Quart, ada: Visitor, bo: int, gravatar: GravatarServer, folder: Path
) -> None:
    address = await address_of("bo", ada)
    path, _query = address.split("?")

    for query in ("", "?v=", "?v=../x", f"?v={'0' * 15}", "?v=" + "%EF%BC%91" * 16):
        for look in await look_twice(path + query, app):
            assert (look.media_type, look.cache_control) == DRAWN_FOR_NOW
    after_malformed = len(gravatar.requests)
    unknown = await look_twice(f"{path}?v={'0' * 16}", app)
    known = await look_at(address, app)

    assert {(it.media_type, it.cache_control) for it in unknown} == {DRAWN_FOR_NOW}
    assert known == PHOTO
    assert (after_malformed, len(gravatar.requests)) == (0, 1)
    assert [name.partition("-")[0] for name in files_in(folder)] == [str(bo)]


async def test_whoever_chooses_the_drawn_picture_is_not_asked_for(
    app: Quart, gravatar: GravatarServer, sign_in: SignIn, folder: Path
) -> None:
    bo = await sign_in("bo")
    before = await address_of("bo", bo)
    await look_twice(before, app)

    await bo.submit("/edit-profile", username="bo", about_me="", picture="drawn")

    after = await address_of("bo", bo)
    look = await look_at(after, app)
    assert after.split("?") == [before.split("?")[0], "v=drawn"]
    assert (look.media_type, look.cache_control) == DRAWN
    assert files_in(folder) == []
    for look in await look_twice(before, app):
        assert (look.media_type, look.cache_control) == DRAWN_FOR_NOW
    assert len(gravatar.requests) == 1


async def test_another_email_address_makes_another_picture(
    app: Quart, ada: Visitor, bo: int, gravatar: GravatarServer, database: Database
) -> None:
    before = await address_of("bo", ada)
    await look_twice(before, app)
    async with AsyncSession(database.writer) as db, db.begin():
        await db.execute(update(User).where(User.id == bo).values(email="new@example.com"))

    after = await address_of("bo", ada)
    _first, then = await look_twice(after, app)

    assert before.split("?")[0] == after.split("?")[0]
    assert before != after
    assert then == PHOTO
    assert sha256(b"new@example.com").hexdigest() in gravatar.requests[-1]


async def test_whoever_leaves_takes_the_picture_along(
    app: Quart, ada: Visitor, gravatar: GravatarServer, sign_in: SignIn, folder: Path
) -> None:
    bo = await sign_in("bo")
    address = await address_of("bo", ada)
    await look_twice(address, app)

    await bo.submit("/account/delete", current_password=PASSWORD)

    assert files_in(folder) == []
    for look in await look_twice(address, app):
        assert (look.media_type, look.cache_control) == DRAWN_FOR_NOW
    assert len(gravatar.requests) == 1


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/delete", {"current_password": PASSWORD}),
        ("/edit-profile", {"username": "bo", "about_me": "", "picture": "drawn"}),
    ],
)
async def test_a_picture_that_arrives_after_its_person_has_left_is_not_kept(
    app: Quart,
    ada: Visitor,
    gravatar: GravatarServer,
    sign_in: SignIn,
    folder: Path,
    path: str,
    fields: dict[str, str],
) -> None:
    bo = await sign_in("bo")
    gravatar.gate.clear()
    await look_at(await address_of("bo", ada), app)
    await gravatar.asked.wait()

    await bo.submit(path, **fields)
    gravatar.gate.set()
    await settle(app)

    assert files_in(folder) == []


async def test_no_page_header_or_log_line_holds_a_hash(
    app: Quart,
    ada: Visitor,
    bo: int,
    make_post: MakePost,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await make_post(bo, "I say this.")
    digest = sha256(b"bo@example.com").hexdigest()

    with caplog.at_level(logging.DEBUG):
        pages = [await ada.get(path) for path in ("/", "/user/bo", "/user/bo/popup")]
        await look_twice(await address_of("bo", ada), app)

    for page in pages:
        assert page.text.count('<img src="/avatars/') >= 1
        assert "gravatar.com" not in page.text
        assert digest[:16] not in page.text + str(page.headers)
    assert digest[:16] not in caplog.text
    assert not any(digest[:16] in name for name in files_in(folder))


@pytest.mark.usefixtures("bo")
async def test_old_pictures_are_removed_while_the_site_runs(
    app: Quart,
    ada: Visitor,
    folder: Path,
    make_site: Callable[[], Quart],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await look_twice(await address_of("bo", ada), app)
    make_older(folder, 25 * HOUR_S)
    monkeypatch.setattr(gravatars, "REMOVE_INTERVAL_S", 0)
    other_worker = make_site()

    async with other_worker.test_app(), asyncio.timeout(20):
        while files_in(folder):  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0)
