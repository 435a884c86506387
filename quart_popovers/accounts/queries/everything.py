"""Everything that the site keeps of a person, for the export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import Post, User
from .people import VIEWER_COLUMNS, Viewer
from .sign_ins import ActiveSignIn, select_sign_ins


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
    comments = await db.execute(
        select(Post.body, Post.timestamp).where(Post.user_id == user_id).order_by(Post.id)
    )
    return Everything(
        Viewer(*row), [Comment(*row) for row in comments], await select_sign_ins(db, user_id)
    )
