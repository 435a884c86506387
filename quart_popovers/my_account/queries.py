"""All SQL about one's own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..accounts.queries import SIGN_IN_LIFETIME, VIEWER_COLUMNS, Viewer
from ..models import Post, SignIn, User, utc_now


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser in which a person is signed in."""

    token_hash: str
    user_agent: str
    created_at: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Comment:
    body: str
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class Everything:
    """Everything the site holds about a person, except the hashes of the password and tokens."""

    person: Viewer
    comments: Sequence[Comment]
    sign_ins: Sequence[SignedIn]


async def select_sign_ins(db: AsyncSession, user_id: int) -> Sequence[SignedIn]:
    """The browsers in which this person is signed in, the most recently used first."""
    rows = await db.execute(
        select(SignIn.token_hash, SignIn.user_agent, SignIn.created_at, SignIn.last_seen)
        .where(SignIn.user_id == user_id, SignIn.created_at > utc_now() - SIGN_IN_LIFETIME)
        .order_by(SignIn.last_seen.desc(), SignIn.created_at.desc())
    )
    return [SignedIn(*row) for row in rows]


async def delete_one_sign_in(db: AsyncSession, user_id: int, token_hash: str) -> None:
    """End a sign-in, if it is this person's."""
    await db.execute(
        delete(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash == token_hash)
    )


async def delete_other_sign_ins(db: AsyncSession, user_id: int, kept_token_hash: str) -> None:
    """End all of this person's sign-ins but one."""
    await db.execute(
        delete(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash != kept_token_hash)
    )


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
