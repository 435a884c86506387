"""Servers and databases of a test's own."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

import pytest

from quart_popovers.demo.__main__ import migrate
from tests.serving.people import add_people
from tests.serving.postgresql import Cluster, find_binaries
from tests.serving.server import Server


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Path:
    """A database file in which PEOPLE are, with the password of the tests."""
    path = tmp_path_factory.mktemp("people") / "template.db"
    await asyncio.to_thread(migrate, f"sqlite:///{path}")
    await add_people(f"sqlite:///{path}", password_hash)
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "site.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


def skip_or_fail(reason: str) -> NoReturn:
    """A program that is not installed skips a test, but not in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
async def postgresql(password_hash: str) -> AsyncIterator[Cluster]:
    """A running PostgreSQL with a database `people`, in which PEOPLE are."""
    binaries = find_binaries()
    if binaries is None:
        skip_or_fail("PostgreSQL is not installed")
    async with Cluster(binaries) as cluster:
        await cluster.run("createdb", "people")
        await asyncio.to_thread(migrate, cluster.url("people"))
        await add_people(cluster.url("people"), password_hash)
        yield cluster


@pytest.fixture
async def postgresql_url(postgresql: Cluster) -> str:
    return await postgresql.copy("people")


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="module")
async def two_workers(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """One server for all tests of a file, whose log must have no traceback at the end."""
    folder = tmp_path_factory.mktemp("two-workers")
    shutil.copy(sqlite_template, folder / "site.db")
    async with Server(f"sqlite:///{folder / 'site.db'}", folder, workers=2) as server:
        yield server
        assert server.ended_without_a_traceback(), server.log
