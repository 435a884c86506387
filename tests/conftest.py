"""The real app on a real database file; nothing here is automatic and nothing is mocked.

With `TEST_DATABASE_URL` the tests run on that PostgreSQL server, in databases of their own that
are named after the one given. Tests marked `database` are those to which this makes a difference.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from quart import Quart
from quart.typing import TestClientProtocol
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers import create_app
from quart_popovers.database import Database
from quart_popovers.demo.__main__ import migrate
from quart_popovers.services import services
from quart_popovers.settings import Settings
from tests.hashing import CHEAP, SHIPPED, hashing_with
from tests.postgresql import EMPTY_TABLES, POSTGRESQL_URL, connected_to, own_database
from tests.rows import insert_post, insert_user
from tests.statements import hear_statements
from tests.templates import TemplateCache
from tests.visitor import PASSWORD, Fetch, MakePost, MakeUser, SignIn, Visitor

SECRET_KEY = "a key that only tests would ever use"
TEMPLATES = TemplateCache()
# Tests with one of these are marked `database`.
DATABASE_FIXTURES = {"fresh_database", "empty_database"}


# Tests in one of these folders start servers or other programs.
FOLDERS_WITH_PROGRAMS = {"browser", "chaos", "hovercard_machine", "serving"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use."""
    for item in items:
        if FOLDERS_WITH_PROGRAMS.intersection(item.path.parts):
            item.add_marker(pytest.mark.programs)
        if DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
async def fresh_database(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> AsyncIterator[Callable[[Path], Awaitable[str]]]:
    """Returns the URL of a database with all tables and no row, which may be a file in a folder."""
    if POSTGRESQL_URL is None:
        template = tmp_path_factory.mktemp("template") / "template.db"
        await asyncio.to_thread(migrate, f"sqlite:///{template}")

        async def copy_template(folder: Path) -> str:
            return f"sqlite:///{shutil.copy(template, folder / 'test.db')}"

        yield copy_template
        return
    async with own_database(worker_id) as url, connected_to(url) as connection:
        await asyncio.to_thread(migrate, url)

        async def empty_tables(_folder: Path) -> str:
            await connection.execute(EMPTY_TABLES)
            return url

        yield empty_tables


@pytest.fixture(scope="session")
def password_hash() -> str:
    """For servers, which hash with the shipped parameters; those in the process do not."""
    return SHIPPED.hash(PASSWORD)


@pytest.fixture
def cheap_hashing() -> Iterator[None]:
    with hashing_with(CHEAP):
        yield


@pytest.fixture
def shipped_hashing(cheap_hashing: None) -> Iterator[None]:  # noqa: ARG001 (it comes after)
    """For tests of hashing itself."""
    with hashing_with(SHIPPED):
        yield


@pytest.fixture
async def database_url(fresh_database: Callable[[Path], Awaitable[str]], tmp_path: Path) -> str:
    """A migrated database without a row in it."""
    return await fresh_database(tmp_path)


@pytest.fixture
def settings(database_url: str) -> Settings:
    return settings_for(database_url)


def settings_for(database_url: str) -> Settings:
    return Settings(
        _env_file=None,
        secret_key=SECRET_KEY,
        database_url=database_url,
        avatars="identicon",
        secure_cookies=False,
        rate_limits=False,
    )


@pytest.fixture
async def app(settings: Settings, cheap_hashing: None) -> AsyncIterator[Quart]:  # noqa: ARG001
    async with running(settings) as app:
        yield app


@pytest.fixture(scope="module")
async def shared_app(
    fresh_database: Callable[[Path], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Quart]:
    """For a module whose tests change nothing, to put in place of `app`: starting takes 30 ms."""
    url = await fresh_database(tmp_path_factory.mktemp("shared"))
    with hashing_with(CHEAP):
        async with running(settings_for(url)) as app:
            yield app


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Quart]:
    app = create_app(settings)
    services(app).pages.environment.bytecode_cache = TEMPLATES
    async with app.test_app():
        yield app


@pytest.fixture
def client(app: Quart) -> TestClientProtocol:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def visitor(app: Quart) -> Visitor:
    """A browser that nobody has signed in with, with words for what a person does in it."""
    return Visitor(app)


@pytest.fixture
def database(app: Quart) -> Database:
    return services(app).database


@pytest.fixture
def make_user(database: Database) -> MakeUser:
    """Put a person into the database; returns the id."""
    return partial(insert_user, database)


@pytest.fixture
def make_post(database: Database) -> MakePost:
    """Put a comment into the database; returns the id."""
    return partial(insert_post, database)


@pytest.fixture
def sign_in(app: Quart, make_user: MakeUser) -> SignIn:
    """A browser in which a new person of this name is signed in."""

    async def sign_in(username: str = "ada", **values: object) -> Visitor:
        await make_user(username, **values)
        visitor = Visitor(app)
        page = await visitor.sign_in(username)
        assert page.status == 303
        await visitor.get(page.location or "/")  # shows the welcome, so that it is gone
        return visitor

    return sign_in


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """All SQL from here on, as it goes to the database; clear it before the act."""
    with hear_statements(database) as sent:
        yield sent


@pytest.fixture
def fetch(database: Database) -> Fetch:
    """Ask the database itself: the rows of a query."""

    async def fetch(query: Select[*tuple[Any, ...]]) -> list[Any]:
        async with AsyncSession(database.reader) as db:
            return list(await db.execute(query))

    return fetch
