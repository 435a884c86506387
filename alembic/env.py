"""Runs migrations on `DATABASE_URL`, or on the URL that a program hands over."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from quart_popovers.database import open_database
from quart_popovers.models import Base, UtcDateTime
from quart_popovers.settings import DatabaseSettings, read_settings


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's, so that a migration needs nothing of the package."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite alters a table by making a new one
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate(url: str) -> None:
    database = open_database(url)
    try:
        async with database.writer.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
    finally:
        await database.dispose()


asyncio.run(
    migrate(
        context.config.attributes.get("database_url")
        or read_settings(DatabaseSettings).database_url
    )
)
