"""Last seen: written once a minute for everybody."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from quart import Quart
from sqlalchemy import event, func, insert, select

from quart_popovers import create_app
from quart_popovers.accounts import last_seen as module
from quart_popovers.accounts.last_seen import LastSeen
from quart_popovers.accounts.queries import sign_ins as sign_in_queries
from quart_popovers.accounts.queries.sign_ins import SIGN_IN_LIFETIME
from quart_popovers.database import Database, DatabaseAway
from quart_popovers.models import SignIn as SignInRow
from quart_popovers.models import User, utc_now
from quart_popovers.services import services
from quart_popovers.settings import Settings
from tests.visitor import Fetch, MakeUser, SignIn, Visitor

LONG_AGO = utc_now() - timedelta(days=300)
TO_THE_MINUTE = timedelta(seconds=module.FLUSH_INTERVAL_S)


def writes(statements: list[str]) -> list[str]:
    return [it for it in statements if it.startswith(("INSERT", "UPDATE", "DELETE"))]


async def test_many_requests_of_many_people_cost_one_small_write(
    app: Quart, sign_in: SignIn, fetch: Fetch, statements: list[str]
) -> None:
    people = [await sign_in(name, last_seen=LONG_AGO) for name in ("ada", "bo", "chidi")]
    last_seen = services(app).last_seen
    statements.clear()

    for _ in range(5):
        for person in people:
            await person.get("/")
            await person.get("/user/ada/popup")
    by_requests = writes(statements)
    await last_seen.flush()
    by_flush = writes(statements)
    await last_seen.flush()

    assert by_requests == []
    assert [statement.split()[1] for statement in by_flush] == ["users", "sign_ins", "FROM"]
    assert writes(statements) == by_flush
    seen = [moment for [moment] in await fetch(select(User.last_seen))]
    assert len(seen) == 3
    assert all(utc_now() - moment < TO_THE_MINUTE for moment in seen)


async def test_a_hover_counts_as_being_here(app: Quart, sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada", last_seen=LONG_AGO)
    await services(app).last_seen.flush()
    [[before]] = await fetch(select(User.last_seen))

    await ada.get("/user/ada/popup")
    await services(app).last_seen.flush()

    [[after]] = await fetch(select(User.last_seen))
    assert LONG_AGO < before < after


async def test_guests_and_others_are_not_stamped(
    app: Quart, make_user: MakeUser, sign_in: SignIn, fetch: Fetch
) -> None:
    await make_user("bo", last_seen=LONG_AGO)
    ada = await sign_in("ada")

    await ada.get("/user/bo")
    await ada.get("/user/bo/popup")
    await Visitor(app).get("/user/bo")
    await services(app).last_seen.flush()

    [[moment]] = await fetch(select(User.last_seen).where(User.username == "bo"))
    assert moment == LONG_AGO


async def test_it_is_written_every_minute_without_being_asked(
    settings: Settings, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_user("ada", last_seen=LONG_AGO)
    monkeypatch.setattr(module, "FLUSH_INTERVAL_S", 0)
    app, written = create_app(settings), asyncio.Event()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE users SET last_seen"):
            written.set()

    database = services(app).database
    event.listen(database.writer.sync_engine, "after_cursor_execute", note)
    async with app.test_app():
        visitor = Visitor(app)
        page = await visitor.sign_in("ada")
        await visitor.follow(page)

        async with asyncio.timeout(30):
            await written.wait()


async def test_what_is_not_yet_written_is_written_when_the_server_stops(
    settings: Settings, make_user: MakeUser, fetch: Fetch
) -> None:
    await make_user("ada", last_seen=LONG_AGO)
    app = create_app(settings)
    async with app.test_app():
        visitor = Visitor(app)
        await visitor.follow(await visitor.sign_in("ada"))
        [[before]] = await fetch(select(User.last_seen))

    [[after]] = await fetch(select(User.last_seen))
    assert before == LONG_AGO
    assert utc_now() - after < TO_THE_MINUTE


async def test_expired_sign_ins_go_also_of_people_who_never_come_back(
    app: Quart, database: Database, make_user: MakeUser, sign_in: SignIn, fetch: Fetch
) -> None:
    ada, bos_id = await sign_in("ada"), await make_user("bo")
    expired = utc_now() - SIGN_IN_LIFETIME
    async with database.writer.begin() as connection:
        for token, created_at in (("expired", expired), ("active", expired + timedelta(hours=1))):
            row = {"token_hash": token, "user_id": bos_id, "user_agent": ""}
            await connection.execute(insert(SignInRow).values(row | {"created_at": created_at}))

    await ada.get("/")
    await services(app).last_seen.flush()

    kept = await fetch(select(SignInRow.token_hash).where(SignInRow.user_id == bos_id))
    assert kept == [("active",)]
    assert (await ada.get("/account")).status == 200


async def test_a_bounded_number_of_expired_sign_ins_goes_at_once(
    app: Quart,
    database: Database,
    make_user: MakeUser,
    fetch: Fetch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sign_in_queries, "MOST_EXPIRED_AT_ONCE", 2)
    user_id, expired = await make_user("ada"), utc_now() - SIGN_IN_LIFETIME
    row = {"user_id": user_id, "user_agent": "", "created_at": expired}
    async with database.writer.begin() as connection:
        await connection.execute(
            insert(SignInRow), [row | {"token_hash": f"{n}"} for n in range(5)]
        )
    last_seen = services(app).last_seen

    left = []
    for _ in range(3):
        last_seen.note("a browser", user_id)
        await last_seen.flush()
        left.append(len(await fetch(select(SignInRow.token_hash))))

    assert left == [3, 1, 0]


async def test_the_browser_is_stamped_too(app: Quart, sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada")
    [[created_at, before]] = await fetch(select(SignInRow.created_at, SignInRow.last_seen))

    await ada.get("/")
    await services(app).last_seen.flush()

    [[after]] = await fetch(select(SignInRow.last_seen))
    assert created_at - before < timedelta(seconds=1)
    assert after > before


async def test_forty_thousand_browsers_in_one_minute_are_written(
    app: Quart, database: Database, make_user: MakeUser, fetch: Fetch, statements: list[str]
) -> None:
    user_id = await make_user("ada", last_seen=LONG_AGO)
    row = {"user_id": user_id, "user_agent": "", "last_seen": LONG_AGO}
    tokens = [f"{n:064}" for n in range(40_000)]
    async with database.writer.begin() as connection:
        await connection.execute(insert(SignInRow), [row | {"token_hash": it} for it in tokens])
    statements.clear()
    last_seen = services(app).last_seen
    for number, token in enumerate(tokens):
        last_seen.note(token, user_id + number)

    for _ in range(20):  # on a busy machine a slice may be kept for later
        await last_seen.flush()

    [[person]] = await fetch(select(User.last_seen))
    browsers = await fetch(select(func.min(SignInRow.last_seen)))
    assert min(person, *browsers[0]) > LONG_AGO
    assert len(writes(statements)) >= 3 * len(tokens) / module.SLICE


async def test_other_writers_have_their_turn_between_two_slices(
    app: Quart, database: Database, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = await make_user("ada")
    monkeypatch.setattr(module, "SLICE", 2)
    commits: list[object] = []
    event.listen(database.writer.sync_engine, "commit", commits.append)
    last_seen = services(app).last_seen
    for number in range(5):
        last_seen.note(f"browser {number}", user_id)

    await last_seen.flush()

    assert len(commits) == 3


@pytest.mark.parametrize("error", [DatabaseAway("stopped"), asyncio.CancelledError()])
async def test_what_cannot_be_written_is_kept_and_written_later(
    app: Quart, database: Database, sign_in: SignIn, fetch: Fetch, error: BaseException
) -> None:
    def fail(_connection: object) -> None:
        raise error

    ada = await sign_in("ada", last_seen=LONG_AGO)
    last_seen = services(app).last_seen
    await last_seen.flush()
    [[before]] = await fetch(select(User.last_seen))
    await ada.get("/")
    event.listen(database.writer.sync_engine, "begin", fail)
    with suppress(asyncio.CancelledError):
        await last_seen.flush()
    event.remove(database.writer.sync_engine, "begin", fail)

    await last_seen.flush()

    [[after]] = await fetch(select(User.last_seen))
    assert after > before


async def test_what_is_noted_is_bounded(app: Quart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NOTED", 3)
    last_seen = LastSeen(app)

    for number in range(10):
        last_seen.note(f"browser {number}", number)

    assert len(last_seen._seen) == 3
