"""Everything that the site keeps of a person, for the export."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import Post, User
from .people import VIEWER_COLUMNS, Viewer
from .sign_ins import ActiveSignIn, select_sign_ins

# Read at once: some 5 ms, after which other requests have their turn.
SLICE = 500


@dataclass(frozen=True, slots=True)
class Comment:
    body: str
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class Everything:
    """Everything the site holds about a person, except the hashes of the password and tokens."""

    person: Viewer
    comments: Sequence[Comment]
    sign_ins: Sequence[ActiveSignIn]


async def select_everything(db: AsyncSession, user_id: int) -> Everything | None:
    """None if the account has just been deleted."""
    row = (await db.execute(select(*VIEWER_COLUMNS).where(User.id == user_id))).one_or_none()
    if row is None:
        return None
    comments = [comment async for comment in select_comments(db, user_id)]
    return Everything(Viewer(*row), comments, await select_sign_ins(db, user_id))


async def select_comments(db: AsyncSession, user_id: int) -> AsyncIterator[Comment]:
    """All comments of a person, the oldest first."""
    last_id = 0
    while True:
        found = await db.execute(
            select(Post.id, Post.body, Post.timestamp)
            .where(Post.user_id == user_id, Post.id > last_id)
            .order_by(Post.id)
            .limit(SLICE)
        )
        rows = found.all()
        for _id, body, said_at in rows:
            yield Comment(body, said_at)
        if len(rows) < SLICE:
            return
        last_id = rows[-1].id
