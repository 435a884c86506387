"""The two verbs: `async with reading() as db` and `async with writing() as db`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Result, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session

from ..services import services
from .patience import within_patience


class ReadingSession(Session):
    """A session each of whose statements is sent again if its connection had died in the pool.

    Readers' connections are not pinged before use (a round trip for each page), and without a
    transaction nothing is lost with a connection. SQLAlchemy discards the rest of the pool then.
    """


@event.listens_for(ReadingSession, "do_orm_execute")
def _send_again_on_a_new_connection(state: ORMExecuteState) -> Result[Any]:
    try:
        return state.invoke_statement()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        state.session.rollback()  # gives the dead connection back
        return state.invoke_statement()


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncSession]:
    """A session for queries only; nothing done with it is kept. Raises DatabaseAway."""
    database = services().database
    session = AsyncSession(database.reader, sync_session_class=ReadingSession)
    with database.readers.admit():
        async with within_patience(), session as db:
            yield db


@asynccontextmanager
async def writing() -> AsyncIterator[AsyncSession]:
    """A session that commits on success and rolls back on any error. Raises DatabaseAway."""
    database = services().database
    with database.writers.admit():
        async with within_patience(), AsyncSession(database.writer) as db, db.begin():
            yield db
