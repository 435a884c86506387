"""Runs migrations on `DATABASE_URL`, or on the URL that a program passes."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, event

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
        transactional_ddl=True,  # in SQLite, too: the writer begins a real transaction
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            check_foreign_keys(connection)


def check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise SystemExit(f"Nothing is migrated, rows would refer to nothing: {broken[:10]}")


def stop_enforcing_foreign_keys(connection: Any, _record: object) -> None:
    """Let a migration replace a table without deleting, by cascade, what refers to its rows.

    Source: https://sqlite.org/lang_altertable.html#otheralter, steps 1 and 10.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()


async def migrate(url: str) -> None:
    database = open_database(url)
    if database.writer.dialect.name == "sqlite":
        event.listen(database.writer.sync_engine, "connect", stop_enforcing_foreign_keys)
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
