"""Engines for SQLite and PostgreSQL, chosen by the URL."""

from dataclasses import dataclass, field

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from .admission import Admission
from .postgresql import open_postgresql
from .sqlite import open_sqlite


@dataclass(frozen=True)
class Database:
    """A process's engines, each with a pool of its own, and who may use them."""

    reader: AsyncEngine
    writer: AsyncEngine
    readers: Admission = field(default_factory=Admission)
    writers: Admission = field(default_factory=Admission)

    async def dispose(self) -> None:
        await self.reader.dispose()
        await self.writer.dispose()


def async_url(url: str) -> URL:
    """Choose the async driver for a plain `sqlite:`, `postgresql:` or `postgres:` URL."""
    plain = make_url(url)
    if plain.get_backend_name() == "sqlite":
        return plain.set(drivername="sqlite+aiosqlite")
    query = dict(plain.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")  # asyncpg's name for libpq's setting
    return plain.set(drivername="postgresql+asyncpg", query=query)


def open_database(url: str, pool_size: int = 10) -> Database:
    """Make the engines, with at most `pool_size` connections for reading.

    Connections are opened when they are needed, and kept.
    """
    address = async_url(url)
    open_engines = open_sqlite if "sqlite" in address.drivername else open_postgresql
    return Database(*open_engines(address, pool_size))
