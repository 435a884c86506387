"""Names and addresses are compared in the same way, whatever the locale of the database."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from alembic import command
from alembic.config import Config

from quart_popovers import create_app
from quart_popovers.demo.__main__ import ROOT
from quart_popovers.settings import Settings
from tests.postgresql import POSTGRESQL_URL, TURKISH, connected_to, own_database
from tests.visitor import Visitor

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(POSTGRESQL_URL is None, reason="SQLite has no locale"),
]

ADD_PERSON = """
INSERT INTO users (username, email, password_hash, about_me, created_at, last_seen, post_count)
VALUES ($1, $2, '', '', now(), now(), 0)
"""


@pytest.fixture
async def turkish_database(worker_id: str) -> AsyncIterator[str]:
    """A database without a table in it; its URL."""
    async with own_database(f"{worker_id}_turkish", TURKISH) as url:
        yield url


async def migrate_to(url: str, revision: str) -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url
    move = command.downgrade if revision == "0002" else command.upgrade
    await asyncio.to_thread(move, config, revision)


@pytest.mark.usefixtures("cheap_hashing")
async def test_a_turkish_database_finds_people_by_their_name_in_any_case(
    settings: Settings, turkish_database: str
) -> None:
    await migrate_to(turkish_database, "head")
    app = create_app(settings.model_copy(update={"database_url": turkish_database}))
    async with app.test_app():
        await Visitor(app).register("Ian", email="IAN@example.com")
        same_name = await Visitor(app).register("iAN", email="other@example.com")
        same_address = await Visitor(app).register("other", email="ian@EXAMPLE.com")
        ian = Visitor(app)
        signed_in = [
            (await browser.sign_in(name)).status
            for browser, name in ((Visitor(app), "IAN"), (ian, "ian@Example.COM"))
        ]
        profile = await ian.get("/user/IAN")
        card = await ian.get("/user/iAn/popup")

    assert [same_name.status, same_address.status] == [422, 422]
    assert signed_in == [303, 303]
    assert (profile.location, card.status) == ("/user/Ian", 200)


async def test_two_people_whose_names_become_the_same_keep_both_accounts(
    turkish_database: str,
) -> None:
    await migrate_to(turkish_database, "0001")
    async with connected_to(turkish_database) as connection:
        assert await connection.fetchval("SELECT lower('I')") == "ı"
        for number, name in enumerate(("Ian", "ian", "Bo", "I" * 64, "i" * 64)):
            await connection.execute(ADD_PERSON, name, f"{number}@example.com")

        await migrate_to(turkish_database, "head")
        names = await connection.fetch("SELECT username FROM users ORDER BY id")
        await migrate_to(turkish_database, "0002")
        await migrate_to(turkish_database, "head")
        again = await connection.fetch("SELECT username FROM users ORDER BY id")

    assert [name for [name] in names] == ["Ian", "ian_2", "Bo", "I" * 64, "i" * 62 + "_5"]
    assert again == names
