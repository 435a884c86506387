"""All SQL about pictures."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import User
from ..people import PERSON_COLUMNS, Person


async def select_person(db: AsyncSession, user_id: int) -> Person | None:
    row = (await db.execute(select(*PERSON_COLUMNS).where(User.id == user_id))).one_or_none()
    return None if row is None else Person(*row)
