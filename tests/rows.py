"""Rows that tests need in the database."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.database import Database
from quart_popovers.models import Post, User
from tests.hashing import CHEAP
from tests.visitor import PASSWORD

PASSWORD_HASH = CHEAP.hash(PASSWORD)


async def insert_user(database: Database, username: str, **values: object) -> int:
    row = {"email": f"{username.lower()}@example.com", "password_hash": PASSWORD_HASH}
    async with AsyncSession(database.writer) as db, db.begin():
        added = insert(User).values(username=username, **(row | values)).returning(User.id)
        return int((await db.execute(added)).scalar_one())


async def insert_post(
    database: Database, user_id: int, body: str = "Hello", **values: object
) -> int:
    async with AsyncSession(database.writer) as db, db.begin():
        added = insert(Post).values(user_id=user_id, body=body, **values).returning(Post.id)
        return int((await db.execute(added)).scalar_one())
