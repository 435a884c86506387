"""Migrations make exactly what the models declare, up and down, on both databases."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from quart_popovers.database import open_database
from quart_popovers.demo.__main__ import ROOT, migrate
from quart_popovers.models import Base, Post, User
from quart_popovers.settings import Settings
from tests.postgresql import POSTGRESQL_URL, own_database
from tests.visitor import Fetch, MakePost, MakeUser

Found = TypeVar("Found")

# Reflection skips indexes over expressions, so they are compared as the database wrote them down.
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


@pytest.fixture
async def empty_database(tmp_path: Path, worker_id: str) -> AsyncIterator[Callable[[str], str]]:
    """Makes databases without a table in them; returns their URL."""
    names = ("migrated", "declared")
    if POSTGRESQL_URL is None:
        yield {name: f"sqlite:///{tmp_path / name}.db" for name in names}.__getitem__
        return
    async with AsyncExitStack() as made:
        urls = {
            name: await made.enter_async_context(own_database(f"{worker_id}_{name}"))
            for name in names
        }
        yield urls.__getitem__


async def ask(url: str, question: Callable[[Connection], Found]) -> Found:
    database = open_database(url)
    try:
        async with database.writer.begin() as connection:
            return await connection.run_sync(question)
    finally:
        await database.dispose()


async def go_down(url: str, revision: str = "base") -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url
    await asyncio.to_thread(command.downgrade, config, revision)


def differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Base.metadata))


def indexes(connection: Connection) -> dict[str, str]:
    found = connection.execute(text(INDEXES[connection.dialect.name]))
    return {name: sql for name, sql in found if "alembic_version" not in name}


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


@pytest.mark.filterwarnings(
    "ignore:Skipped unsupported reflection of expression-based index",
    "ignore:autogenerate skipping metadata-specified expression-based index",
)
async def test_migrations_make_what_the_models_declare(
    empty_database: Callable[[str], str],
) -> None:
    url = empty_database("migrated")

    await asyncio.to_thread(migrate, url)

    assert await ask(url, differences) == []


async def test_migrations_make_the_same_indexes_to_the_letter(
    empty_database: Callable[[str], str],
) -> None:
    migrated, declared = empty_database("migrated"), empty_database("declared")

    await asyncio.to_thread(migrate, migrated)
    await ask(declared, Base.metadata.create_all)

    made = await ask(migrated, indexes)
    assert {"uq_users_username", "uq_users_email", "uq_posts_user_id_submission"} <= made.keys()
    assert made == await ask(declared, indexes)


async def test_migrations_go_down_to_nothing_and_up_again(
    empty_database: Callable[[str], str],
) -> None:
    url = empty_database("migrated")
    await asyncio.to_thread(migrate, url)
    at_first = await ask(url, tables)

    await go_down(url)
    below = await ask(url, tables)
    await asyncio.to_thread(migrate, url)

    assert below == {"alembic_version"}
    assert await ask(url, tables) == at_first == {*Base.metadata.tables, "alembic_version"}


async def test_each_migration_can_be_undone_and_done_again(
    empty_database: Callable[[str], str],
) -> None:
    url = empty_database("migrated")
    await asyncio.to_thread(migrate, url)
    made = await ask(url, indexes)
    revisions = [it.revision for it in script().walk_revisions()]

    for _ in revisions:
        await go_down(url, "-1")
    await asyncio.to_thread(migrate, url)

    assert await ask(url, indexes) == made


async def test_a_second_run_changes_nothing(empty_database: Callable[[str], str]) -> None:
    url = empty_database("migrated")
    await asyncio.to_thread(migrate, url)
    made = await ask(url, indexes)

    await asyncio.to_thread(migrate, url)

    assert await ask(url, indexes) == made


def test_there_is_one_line_of_revisions() -> None:
    assert len(script().get_heads()) == 1


def script() -> ScriptDirectory:
    return ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))


REPLACING_REVISION = """
from alembic import op

revision, down_revision = "9999", "{head}"


def upgrade():
    {before}
    with op.batch_alter_table("users", recreate="always") as users:
        users.alter_column("about_me", nullable=True)


def downgrade():
    pass
"""


async def replace_people(url: str, folder: Path, before: str = "pass") -> None:
    """Run a revision that makes the table of people anew, as SQLite has to for most changes."""
    shutil.copytree(ROOT / "alembic", folder / "alembic")
    (head,) = script().get_heads()
    revision = REPLACING_REVISION.format(head=head, before=before)
    (folder / "alembic/versions/9999.py").write_text(revision)
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(folder / "alembic"))
    config.attributes["database_url"] = url
    await asyncio.to_thread(command.upgrade, config, "head")


async def test_addresses_from_before_are_normalised_unless_another_account_has_them(
    settings: Settings, make_user: MakeUser, fetch: Fetch
) -> None:
    addresses = {
        "ascii": "Ada@example.com",
        "punycode": "bo@xn--mnchen-3ya.example",
        "decomposed": "jose\N{COMBINING ACUTE ACCENT}@example.org",
        "double": "jos\N{LATIN SMALL LETTER E WITH ACUTE}@example.org",
        "broken": "\N{SNOWMAN}",
    }
    await go_down(settings.database_url, "0004")
    for username, email in addresses.items():
        await make_user(username, email=email)

    await asyncio.to_thread(migrate, settings.database_url)

    found = dict(await fetch(select(User.username, User.email)))
    assert found == addresses | {
        "punycode": "bo@m\N{LATIN SMALL LETTER U WITH DIAERESIS}nchen.example"
    }


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
async def test_a_table_that_is_replaced_keeps_what_refers_to_it(
    settings: Settings, make_user: MakeUser, make_post: MakePost, fetch: Fetch, tmp_path: Path
) -> None:
    await make_post(await make_user("ada"), "Hello")
    url = settings.database_url
    if url.startswith("postgresql"):
        pytest.skip("PostgreSQL changes tables in place")

    await replace_people(url, tmp_path)

    assert await fetch(select(Post.body)) == [("Hello",)]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
async def test_a_migration_that_leaves_references_to_nothing_changes_nothing(
    settings: Settings, make_user: MakeUser, make_post: MakePost, fetch: Fetch, tmp_path: Path
) -> None:
    await make_post(await make_user("ada"), "Hello")
    url = settings.database_url
    if url.startswith("postgresql"):
        pytest.skip("PostgreSQL enforces references while it migrates")

    with pytest.raises(SystemExit, match="refer to nothing"):
        await replace_people(url, tmp_path, before='op.execute("DELETE FROM users")')

    assert await fetch(select(User.username)) == [("ada",)]
