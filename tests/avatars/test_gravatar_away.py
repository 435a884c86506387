"""While Gravatar, the database or the disk is away, people are drawn and nobody waits."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from quart import Quart

from quart_popovers.avatars import gravatars
from quart_popovers.avatars.gravatars import PAUSE_S
from tests.avatars.gravatar_server import PNG, GravatarServer, response
from tests.avatars.looking import DRAWN_FOR_NOW, PHOTO, address_of, look_at, look_twice
from tests.visitor import MakeUser, Visitor


@pytest.fixture
async def app(make_site: Callable[[], Quart]) -> AsyncIterator[Quart]:
    app = make_site()
    async with app.test_app():
        yield app


def put_in_the_way(path: Path, text: str = "") -> None:
    """A file where the site expects something else."""
    path.write_text(text)


@pytest.mark.usefixtures("bo")
async def test_nobody_waits_for_gravatar(
    app: Quart, ada: Visitor, gravatar: GravatarServer
) -> None:
    address = await address_of("bo", ada)
    gravatar.gate.clear()

    looks = []
    for _ in range(3):
        looks.append(await look_at(address, app))
        await gravatar.asked.wait()

    assert [(it.media_type, it.cache_control) for it in looks] == [DRAWN_FOR_NOW] * 3
    assert len(gravatar.requests) == 1


@pytest.mark.usefixtures("bo")
@pytest.mark.parametrize("away", ["refused", "error", "redirect"])
async def test_while_gravatar_is_away_it_is_left_alone_and_the_log_says_so_once(
    app: Quart,
    ada: Visitor,
    gravatar: GravatarServer,
    make_user: MakeUser,
    caplog: pytest.LogCaptureFixture,
    away: str,
) -> None:
    await make_user("chidi")
    addresses = [await address_of(name, ada) for name in ("bo", "chidi")]
    gravatar.answer = response(302 if away == "redirect" else 500, b"", "Location: /elsewhere")
    if away == "refused":
        await gravatar.stop()

    looks = [look for address in addresses for look in await look_twice(address, app)]

    assert {(it.media_type, it.cache_control) for it in looks} == {DRAWN_FOR_NOW}
    assert len(gravatar.requests) == (away != "refused")
    [line] = [it for it in caplog.records if it.levelno >= logging.WARNING]
    assert "drawn pictures" in line.getMessage()


@pytest.mark.usefixtures("bo")
async def test_gravatar_is_asked_again_after_a_while_and_the_log_stays_silent(
    app: Quart,
    ada: Visitor,
    gravatar: GravatarServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address = await address_of("bo", ada)
    gravatar.answer = response(503)
    await look_twice(address, app)
    now = time.monotonic()
    monkeypatch.setattr(gravatars, "monotonic", lambda: now + PAUSE_S + 1)
    await look_twice(address, app)
    monkeypatch.setattr(gravatars, "monotonic", lambda: now + 2 * PAUSE_S + 2)
    gravatar.answer = response(200, PNG)

    _first, then = await look_twice(address, app)

    assert then == PHOTO
    assert len(gravatar.requests) == 3
    assert len([it for it in caplog.records if it.levelno >= logging.WARNING]) == 1


@pytest.mark.usefixtures("bo")
async def test_a_disk_that_takes_nothing_costs_the_pictures_only(
    app: Quart, ada: Visitor, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put_in_the_way(folder)
    address = await address_of("bo", ada)

    looks = await look_twice(address, app)

    assert {(it.media_type, it.cache_control) for it in looks} == {DRAWN_FOR_NOW}
    [line] = [it for it in caplog.records if it.levelno >= logging.WARNING]
    assert "drawn pictures" in line.getMessage()


@pytest.mark.usefixtures("bo")
async def test_a_database_that_is_away_costs_no_more_than_one_line_in_the_log(
    ada: Visitor,
    make_site: Callable[..., Quart],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address = await address_of("bo", ada)
    put_in_the_way(tmp_path / "broken.db", "This is no database.")
    broken = make_site(database_url=f"sqlite:///{tmp_path}/broken.db")

    async with broken.test_app():
        looks = await look_twice(address, broken)

    assert {(it.media_type, it.cache_control) for it in looks} == {DRAWN_FOR_NOW}
    [line] = [it for it in caplog.records if it.levelno >= logging.WARNING]
    assert "drawn pictures" in line.getMessage()


@pytest.mark.usefixtures("bo")
async def test_stopping_does_not_wait_for_gravatar(
    ada: Visitor, gravatar: GravatarServer, make_site: Callable[[], Quart]
) -> None:
    address = await address_of("bo", ada)
    gravatar.gate.clear()
    other_worker = make_site()

    async with other_worker.test_app():
        await look_at(address, other_worker)
        await gravatar.asked.wait()

    assert not gravatar.gate.is_set()
