"""What was deleted is nowhere in SQLite's files."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from quart import Quart
from sqlalchemy import func, insert, select, text

import quart_popovers
from quart_popovers.database import Database, erasure, reading
from quart_popovers.database.erasure import empty_log
from quart_popovers.models import Post, SignIn, User
from quart_popovers.settings import Settings
from tests.postgresql import POSTGRESQL_URL
from tests.visitor import PASSWORD, Fetch, MakeUser, Visitor

pytestmark = pytest.mark.skipif(POSTGRESQL_URL is not None, reason="about SQLite's files")

# In each of its texts; of a person who stays it is another one.
MARK = "vanishes"


def files_of(database: Database) -> list[Path]:
    path = Path(database.writer.url.database or "")
    return [it for it in path.parent.glob(f"{path.name}*") if it.suffix != ".db-shm"]


def count_in_files(database: Database, mark: str) -> int:
    return sum(path.read_bytes().count(mark.encode()) for path in files_of(database))


async def add_people(database: Database) -> None:
    """Several hundred people who write, every third of whom will leave."""
    people, sign_ins, posts = [], [], []
    for number in range(300):
        mark = MARK if number % 3 == 0 else "stays"
        person = {"id": number, "username": f"{mark}{number}", "email": f"{number}@{mark}.example"}
        people.append(person | {"password_hash": "", "about_me": f"{mark} " * (number % 50)})
        sign_ins.append({"token_hash": f"{number}", "user_id": number, "user_agent": mark})
        lengths = range(number % 7)
        posts += [{"user_id": number, "body": f"{mark} " * (1 + 5 * it)} for it in lengths]
    async with database.writer.begin() as connection:
        for table, rows in ((User, people), (SignIn, sign_ins), (Post, posts)):
            await connection.execute(insert(table), rows)


async def test_a_person_who_leaves_is_nowhere_in_the_files(
    app: Quart, database: Database, fetch: Fetch
) -> None:
    await add_people(database)
    visitor = Visitor(app)
    await visitor.register(MARK)
    await visitor.sign_in(MARK)
    await visitor.post_comment(f"It {MARK}")
    left = await visitor.submit("/account/delete", current_password=PASSWORD)
    async with database.writer.begin() as connection:
        await connection.execute(text(f"DELETE FROM users WHERE username LIKE '{MARK}%'"))
    before = count_in_files(database, MARK)

    await empty_log(database)

    assert left.status == 303
    assert before > 0
    assert count_in_files(database, MARK) == 0
    assert await fetch(select(func.count(User.id))) == [(200,)]
    assert count_in_files(database, "stays1") > 0


async def test_the_log_is_emptied_as_soon_as_nobody_reads_from_it(
    app: Quart, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()
    truncate = erasure._truncate_log

    def note(path: Path) -> bool:
        is_done = truncate(path)
        loop.call_soon_threadsafe(tried.set)
        return is_done

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(erasure, "_truncate_log", note)
    await add_people(database)
    path = Path(database.writer.url.database or "")
    log = path.with_name(f"{path.name}-wal")
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM users").fetchone()
        async with database.writer.begin() as connection:
            await connection.execute(text("DELETE FROM posts"))
        emptying = asyncio.create_task(empty_log(database))
        await tried.wait()
        while_reading = log.stat().st_size
    await emptying

    assert while_reading > 0
    assert log.stat().st_size == 0
    async with app.app_context(), reading() as db:
        assert await db.scalar(select(func.count(Post.id))) == 0


async def test_a_reader_that_never_ends_does_not_keep_it_trying_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "TRY_AGAIN_S", 0)
    await add_people(database)
    with closing(sqlite3.connect(database.writer.url.database or "")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM users").fetchone()
        async with database.writer.begin() as connection:
            await connection.execute(text("DELETE FROM posts"))

        await empty_log(database)

        async with database.writer.begin() as connection:  # writers go on
            await connection.execute(text("DELETE FROM sign_ins"))


async def test_deleted_rows_are_overwritten_whatever_sqlites_build(
    app: Quart, database: Database
) -> None:
    async with app.app_context(), database.writer.connect() as connection:
        assert await connection.scalar(text("PRAGMA secure_delete")) == 1


async def test_the_log_is_emptied_without_being_asked(
    settings: Settings, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quart_popovers, "EMPTY_LOG_INTERVAL_S", 0)
    await make_user("ada")
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    log = path.with_name(f"{path.name}-wal")
    assert log.stat().st_size > 0

    async with quart_popovers.create_app(settings).test_app(), asyncio.timeout(30):
        while log.stat().st_size > 0:  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0.01)
