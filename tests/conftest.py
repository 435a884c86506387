"""The real app on a real database file; nothing here is automatic and nothing is mocked.

With `TEST_DATABASE_URL` the same tests run on that PostgreSQL database, which they empty.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from quart import Quart
from quart.typing import TestClientProtocol
from sqlalchemy import Select, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers import create_app
from quart_popovers.database import Database, open_database
from quart_popovers.demo.__main__ import migrate
from quart_popovers.models import Base, Post, User
from quart_popovers.services import services
from quart_popovers.settings import Settings
from tests.hashing import CHEAP, SHIPPED, hashing_with
from tests.statements import hear_statements
from tests.visitor import PASSWORD, Fetch, MakePost, MakeUser, SignIn, Visitor

SECRET_KEY = "a key that only tests would ever use"
POSTGRESQL_URL = os.environ.get("TEST_DATABASE_URL")


@pytest.fixture(scope="session")
async def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with all tables: the file that each test copies, or the PostgreSQL given."""
    url = POSTGRESQL_URL or f"sqlite:///{tmp_path_factory.mktemp('template')}/template.db"
    await asyncio.to_thread(migrate, url)
    return url


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
async def database_url(migrated_database: str, tmp_path: Path) -> str:
    """A migrated database without a row in it."""
    if POSTGRESQL_URL:
        await empty(POSTGRESQL_URL)
        return POSTGRESQL_URL
    path = tmp_path / "test.db"
    shutil.copy(migrated_database.removeprefix("sqlite:///"), path)
    return f"sqlite:///{path}"


async def empty(url: str) -> None:
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    database = open_database(url)
    async with database.writer.begin() as connection:
        await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    await database.dispose()


@pytest.fixture
def settings(database_url: str) -> Settings:
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
    app = create_app(settings)
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
    password_hash = CHEAP.hash(PASSWORD)

    async def make(username: str, **values: object) -> int:
        row = {"email": f"{username.lower()}@example.com", "password_hash": password_hash}
        async with AsyncSession(database.writer) as db, db.begin():
            added = insert(User).values(username=username, **(row | values)).returning(User.id)
            return int((await db.execute(added)).scalar_one())

    return make


@pytest.fixture
def make_post(database: Database) -> MakePost:
    """Put a comment into the database; returns the id."""

    async def make(user_id: int, body: str = "Hello", **values: object) -> int:
        async with AsyncSession(database.writer) as db, db.begin():
            added = insert(Post).values(user_id=user_id, body=body, **values).returning(Post.id)
            return int((await db.execute(added)).scalar_one())

    return make


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
