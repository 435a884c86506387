"""Who is in a database that a server of the tests serves."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.database import open_database
from quart_popovers.models import User

PEOPLE = ("ada", "bo", "chidi", "dora", "emeka", "fatima", "grace", "hiro")


async def add_people(url: str, password_hash: str) -> None:
    database = open_database(url)
    rows = [
        {"username": name, "email": f"{name}@example.com", "password_hash": password_hash}
        for name in PEOPLE
    ]
    async with AsyncSession(database.writer) as db, db.begin():
        await db.execute(insert(User), rows)
    await database.dispose()
