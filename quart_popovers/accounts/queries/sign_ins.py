"""Sign-ins: the browsers in which people are signed in, and when they were last seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    delete,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from ...database import Read, is_one_of
from ...models import SignIn, User, UtcDateTime, utc_now
from ..errors import WrongPassword
from .people import VIEWER_COLUMNS, Credentials, Viewer

SIGN_IN_LIFETIME = timedelta(days=30)
# More browsers than anybody has; the page that lists them stays short.
MOST_SIGN_INS = 100
# Deleted in one transaction: some 10 ms, after which other writers have their turn.
MOST_EXPIRED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class ActiveSignIn:
    """A browser in which a person is signed in."""

    token_hash: str
    user_agent: str
    created_at: datetime
    last_seen: datetime


def sign_ins_expire_before() -> datetime:
    """Sign-ins that were created at this moment or earlier have expired."""
    return utc_now() - SIGN_IN_LIFETIME


def is_active() -> ColumnElement[bool]:
    """Whether a sign-in has not expired."""
    return SignIn.created_at > sign_ins_expire_before()


VIEWER = Read(
    select(*VIEWER_COLUMNS)
    .join(SignIn, SignIn.user_id == User.id)
    .where(
        SignIn.token_hash == bindparam("token_hash", type_=String),
        SignIn.created_at > bindparam("expire_before", type_=UtcDateTime),
    )
)


async def select_viewer(token_hash: str) -> Viewer | None:
    """The person who is signed in with this token."""
    row = await VIEWER.row(token_hash=token_hash, expire_before=sign_ins_expire_before())
    return None if row is None else Viewer(*row)


async def select_viewer_in(db: AsyncSession, token_hash: str) -> Viewer | None:
    """The same, within the transaction that acts for this person."""
    values = {"token_hash": token_hash, "expire_before": sign_ins_expire_before()}
    row = (await db.execute(VIEWER.statement, values)).one_or_none()
    return None if row is None else Viewer(*row)


async def select_sign_ins(db: AsyncSession, user_id: int) -> Sequence[ActiveSignIn]:
    """The browsers in which this person is signed in, the most recently used first."""
    rows = await db.execute(
        select(SignIn.token_hash, SignIn.user_agent, SignIn.created_at, SignIn.last_seen)
        .where(SignIn.user_id == user_id, is_active())
        .order_by(SignIn.last_seen.desc(), SignIn.created_at.desc())
        .limit(MOST_SIGN_INS)
    )
    return [ActiveSignIn(*row) for row in rows]


async def insert_sign_in(
    db: AsyncSession, token_hash: str, credentials: Credentials, user_agent: str
) -> None:
    """Remember that this browser is signed in.

    Raises WrongPassword when the verified hash is no longer the person's: a new password ends all
    sign-ins, also one that was under way with the old one.
    """
    person = select(literal(token_hash), User.id, literal(user_agent)).where(
        User.id == credentials.user_id, User.password_hash == credentials.password_hash
    )
    added = await db.execute(
        insert(SignIn)
        .from_select(["token_hash", "user_id", "user_agent"], person)
        .returning(SignIn.user_id)
    )
    if added.one_or_none() is None:
        raise WrongPassword()


async def delete_sign_in(db: AsyncSession, token_hash: str) -> None:
    await db.execute(delete(SignIn).where(SignIn.token_hash == token_hash))


async def delete_sign_in_of(db: AsyncSession, user_id: int, token_hash: str) -> None:
    """End a sign-in, if it is this person's."""
    await db.execute(
        delete(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash == token_hash)
    )


async def delete_other_sign_ins(db: AsyncSession, user_id: int, kept_token_hash: str) -> None:
    """End all of this person's sign-ins but one."""
    await db.execute(
        delete(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash != kept_token_hash)
    )


async def delete_surplus_sign_ins(db: AsyncSession, user_id: int, kept_token_hash: str) -> None:
    """Keep the most recently used sign-ins of this person, this one among them."""
    surplus = (
        select(SignIn.token_hash)
        .where(SignIn.user_id == user_id, SignIn.token_hash != kept_token_hash)
        .order_by(SignIn.last_seen.desc(), SignIn.created_at.desc())
        .offset(MOST_SIGN_INS - 1)
    )
    await db.execute(delete(SignIn).where(SignIn.token_hash.in_(surplus)))


async def delete_expired_sign_ins(db: AsyncSession) -> None:
    """Delete expired sign-ins, also of people who never come back, a bounded number at once."""
    expired = (
        select(SignIn.token_hash)
        .where(SignIn.created_at <= sign_ins_expire_before())
        .limit(MOST_EXPIRED_AT_ONCE)
    )
    await db.execute(delete(SignIn).where(SignIn.token_hash.in_(expired)))


async def update_last_seen(
    db: AsyncSession, user_ids: list[int], token_hashes: list[str], seen_at: datetime
) -> None:
    """Stamp people and their browsers; a moment older than the stamp changes nothing."""
    await db.execute(
        update(User)
        .where(is_one_of(User.id, user_ids), User.last_seen < seen_at)
        .values(last_seen=seen_at)
    )
    await db.execute(
        update(SignIn).where(is_one_of(SignIn.token_hash, token_hashes)).values(last_seen=seen_at)
    )
