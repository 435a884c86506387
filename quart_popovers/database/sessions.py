"""The two verbs: `async with reading() as db` and `async with writing() as db`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from ..services import services
from .patience import within_patience


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncSession]:
    """A session for queries only; nothing done with it is kept. Raises DatabaseAway."""
    async with within_patience(), AsyncSession(services().database.reader) as db:
        yield db


@asynccontextmanager
async def writing() -> AsyncIterator[AsyncSession]:
    """A session that commits on success and rolls back on any error. Raises DatabaseAway."""
    async with within_patience(), AsyncSession(services().database.writer) as db, db.begin():
        yield db
