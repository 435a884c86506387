"""Databases of the tests on the PostgreSQL server of `TEST_DATABASE_URL`."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import make_url

from quart_popovers.models import Base

POSTGRESQL_URL = os.environ.get("TEST_DATABASE_URL")

# Ten times as fast as TRUNCATE, which makes new files.
EMPTY_TABLES = ";".join(
    [
        *(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)),
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
    ]
)
# In Turkish the small form of I has no dot.
TURKISH = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'tr' ENCODING 'UTF8'"


@asynccontextmanager
async def own_database(name: str, options: str = "") -> AsyncIterator[str]:
    """A database without a table in it, named after the one given; its URL."""
    given = make_url(POSTGRESQL_URL or "")
    own = given.set(database=f"{given.database}_{name}")
    async with connected_to(POSTGRESQL_URL) as connection:
        await connection.execute(f'DROP DATABASE IF EXISTS "{own.database}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{own.database}" {options}')
        yield own.render_as_string(hide_password=False)
        await connection.execute(f'DROP DATABASE "{own.database}" WITH (FORCE)')


@asynccontextmanager
async def connected_to(url: str | None) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
