"""Fill an empty database with the people and comments of `people.json`."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypedDict

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..accounts.passwords import hash_password
from ..models import Post, User, utc_now

PEOPLE = Path(__file__).parent / "people.json"
PASSWORD = "hover-over-me"
WEEKS_OF_COMMENTS = 6


class DemoPerson(TypedDict):
    username: str
    about_me: str
    comments: list[str]


async def add_demo_content(db: AsyncSession) -> None:
    """Add everybody and what they said, unless somebody is there already."""
    if await db.scalar(select(func.count()).select_from(User)):
        return
    people: list[DemoPerson] = json.loads(PEOPLE.read_text())["people"]
    chance = Random(2026)  # everybody gets the same demo
    now = utc_now()
    password_hash = await hash_password(PASSWORD)
    rows = [_user_row(person, password_hash, now, chance) for person in people]
    ids = await db.scalars(insert(User).returning(User.id, sort_by_parameter_order=True), rows)
    said = [
        (user_id, body)
        for user_id, person in zip(ids.all(), people, strict=True)
        for body in person["comments"]
    ]
    chance.shuffle(said)
    await db.execute(insert(Post), _post_rows(said, now, chance))
    newest = select(func.max(Post.timestamp)).where(Post.user_id == User.id).scalar_subquery()
    await db.execute(update(User).where(User.last_seen < newest).values(last_seen=newest))


def _user_row(
    person: DemoPerson, password_hash: str, now: datetime, chance: Random
) -> dict[str, object]:
    username = person["username"]
    return {
        "username": username,
        "email": f"{username.lower()}@example.com",
        "password_hash": password_hash,
        "about_me": person["about_me"],
        "created_at": now - timedelta(days=chance.randint(60, 900)),
        "last_seen": now - timedelta(minutes=int(chance.expovariate(1 / 600))),
        "post_count": len(person["comments"]),
    }


def _post_rows(
    said: list[tuple[int, str]], now: datetime, chance: Random
) -> list[dict[str, object]]:
    """Oldest first, since the id is the order; denser towards now."""
    ages = sorted((chance.random() ** 2 for _ in said), reverse=True)
    whole = timedelta(weeks=WEEKS_OF_COMMENTS)
    return [
        {"user_id": user_id, "body": body, "timestamp": now - whole * age - timedelta(minutes=2)}
        for (user_id, body), age in zip(said, ages, strict=True)
    ]
