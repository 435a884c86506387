"""PostgreSQL: a read costs one round trip, and survives connections that died in the pool."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
import pytest
from quart import Quart
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.pool import QueuePool

from quart_popovers.database import Database, fetch_rows, open_database, reading, writing
from tests.postgresql import POSTGRESQL_URL
from tests.visitor import SignIn

Verb = Callable[[], AbstractAsyncContextManager[AsyncSession]]

pytestmark = pytest.mark.skipif(POSTGRESQL_URL is None, reason="about PostgreSQL's connections")

DIVISION_BY_ZERO = "SELECT 1 / 0"


@pytest.fixture
def sent_by_driver(database: Database) -> list[str]:
    """What asyncpg itself is asked from here on: hovers, and pings; not SQLAlchemy's statements."""
    queries: list[str] = []

    def note(record: Any) -> None:
        queries.append(record.query)

    def listen(connection: Any, *_rest: object) -> None:
        connection.driver_connection.add_query_logger(note)

    for engine in (database.reader, database.writer):
        event.listen(engine.sync_engine.pool, "checkout", listen)
    return queries


@pytest.fixture
async def readers(app: Quart) -> list[int]:
    """The process ids of three connections for reading, all in the pool."""
    all_are_open = asyncio.Barrier(3)

    async def read() -> int:
        async with reading() as db:
            pid = await db.scalar(text("SELECT pg_backend_pid()"))
            await all_are_open.wait()
            return int(pid)

    async with app.app_context():
        return await asyncio.gather(*(read() for _ in range(3)))


@pytest.mark.parametrize("path", ["/user/ada/popup", "/user/ada", "/", "/account/sessions"])
async def test_a_page_whose_connections_have_died_is_answered(
    sign_in: SignIn, readers: list[int], database: Database, path: str
) -> None:
    ada = await sign_in("ada")
    async with database.writer.connect() as connection:
        for pid in readers:  # as a restart or a firewall does
            await connection.execute(text(f"SELECT pg_terminate_backend({pid}, 10000)"))

    pages = await asyncio.gather(*(ada.get(path) for _ in range(10)))

    assert [page.status for page in pages] == [200] * 10
    assert await count_connections(database) <= pool_of(database.reader).checkedin() + 1


async def count_connections(database: Database) -> int:
    """How many the server has, but for those of the writer's pool."""
    counting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
    async with database.writer.connect() as connection:
        counted: int = (await connection.execute(counting)).scalar_one()
        writers = pool_of(database.writer)
        return counted - writers.checkedin() - writers.checkedout()


def pool_of(engine: AsyncEngine) -> QueuePool:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool


async def test_a_query_that_kills_its_connection_is_sent_on_one_new_connection(
    database: Database, readers: list[int]
) -> None:
    connects: list[object] = []
    event.listen(database.reader.sync_engine, "connect", lambda *given: connects.append(given))

    with pytest.raises(asyncpg.PostgresError):
        await fetch_rows(database.reader, "SELECT pg_terminate_backend(pg_backend_pid())", [])

    assert len(readers) == 3
    assert len(connects) == 1


async def test_a_hover_is_one_round_trip(sign_in: SignIn, sent_by_driver: list[str]) -> None:
    ada = await sign_in("ada")
    await ada.get("/user/ada/popup")
    sent_by_driver.clear()

    await ada.get("/user/ada/popup")

    assert len(sent_by_driver) == 1
    assert sent_by_driver[0].startswith("SELECT")


@pytest.mark.parametrize(("verb", "pings"), [(reading, []), (writing, [";"])])
async def test_only_writers_are_pinged_because_a_write_is_not_sent_again(
    app: Quart, sent_by_driver: list[str], verb: Verb, pings: list[str]
) -> None:
    async with app.app_context():
        for _ in range(2):
            sent_by_driver.clear()
            async with verb() as db:
                await db.execute(text("SELECT 1"))

    assert [it for it in sent_by_driver if it == ";"] == pings


async def test_a_wrong_statement_is_sent_once(app: Quart, database: Database) -> None:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(database.reader.sync_engine, "before_cursor_execute", note)
    with pytest.raises(DBAPIError):
        async with app.app_context(), reading() as db:
            await db.execute(text(DIVISION_BY_ZERO))

    assert sent == [DIVISION_BY_ZERO]


async def test_a_wrong_statement_of_the_drivers_is_sent_once_and_its_pool_kept(
    database: Database,
) -> None:
    pool = database.reader.pool

    with pytest.raises(asyncpg.DivisionByZeroError):
        await fetch_rows(database.reader, DIVISION_BY_ZERO, [])

    assert database.reader.pool is pool


async def test_statements_of_migrations_may_take_as_long_as_they_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect = asyncpg.connect
    options: set[str] = set()

    async def note_options(**given: Any) -> asyncpg.Connection:
        options.update(given)
        return await connect(**given)

    monkeypatch.setattr(asyncpg, "connect", note_options)
    database = open_database(POSTGRESQL_URL or "")

    async with database.writer.connect():
        pass

    await database.dispose()
    assert "timeout" in options  # of connecting alone
    assert "command_timeout" not in options
