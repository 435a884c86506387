"""A plain URL chooses the driver; the size of the pools is a setting."""

from pathlib import Path

import pytest
from sqlalchemy.pool import QueuePool

from quart_popovers.database import async_url, open_database


@pytest.mark.parametrize(
    ("given", "opened"),
    [
        ("sqlite:///instance/a.db", "sqlite+aiosqlite:///instance/a.db"),
        ("sqlite:////var/lib/a.db", "sqlite+aiosqlite:////var/lib/a.db"),
        ("postgresql://host/name", "postgresql+asyncpg://host/name"),
        ("postgres://p:q@host:1/name", "postgresql+asyncpg://p:q@host:1/name"),
        (
            "postgresql://host/name?sslmode=require",
            "postgresql+asyncpg://host/name?ssl=require",
        ),
        ("postgresql://p@/name?host=/run", "postgresql+asyncpg://p@/name?host=%2Frun"),
    ],
)
def test_a_plain_address_gets_its_async_driver(given: str, opened: str) -> None:
    assert async_url(given).render_as_string(hide_password=False) == opened


@pytest.mark.parametrize(
    ("url", "writers"), [("postgresql://host/name", 4), ("sqlite:///{folder}/site.db", 1)]
)
def test_the_pools_keep_what_they_open_and_open_no_more(
    tmp_path: Path, url: str, writers: int
) -> None:
    database = open_database(url.format(folder=tmp_path), pool_size=7)

    sizes = []
    for engine in (database.reader, database.writer):
        assert isinstance(engine.pool, QueuePool)
        sizes.append((engine.pool.size(), engine.pool._max_overflow))

    assert sizes == [(7, 0), (writers, 0)]
