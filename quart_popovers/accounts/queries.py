"""All SQL about people's accounts and the browsers they are signed in with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ..database import is_one_of, violates
from ..models import SignIn, User, utc_now
from ..people import PROFILE_COLUMNS, Profile

SIGN_IN_LIFETIME = timedelta(days=30)


class UsernameTaken(Exception):
    """Somebody has this username, perhaps in another case."""


class EmailTaken(Exception):
    """Somebody has registered with this address."""


class PasswordChanged(Exception):
    """Since the password was checked it has been changed, or the account deleted."""


@dataclass(frozen=True, slots=True)
class Viewer(Profile):
    """The person who is asking; the only one to whom the email address is shown."""

    email: str


# In the order of the fields: `Viewer(*row)` is the mapping.
VIEWER_COLUMNS = (*PROFILE_COLUMNS, User.email)


@dataclass(frozen=True, slots=True)
class Credentials:
    user_id: int
    username: str
    password_hash: str


async def select_viewer(db: AsyncSession, token_hash: str) -> Viewer | None:
    row = (
        await db.execute(
            select(*VIEWER_COLUMNS)
            .join(SignIn, SignIn.user_id == User.id)
            .where(
                SignIn.token_hash == token_hash, SignIn.created_at > utc_now() - SIGN_IN_LIFETIME
            )
        )
    ).one_or_none()
    return None if row is None else Viewer(*row)


_CREDENTIALS = select(User.id, User.username, User.password_hash)


async def select_credentials(db: AsyncSession, name_or_email: str) -> Credentials | None:
    # No username holds an "@" and every address does, so at most one person matches.
    name = name_or_email.lower()
    is_wanted = or_(func.lower(User.username) == name, func.lower(User.email) == name)
    row = (await db.execute(_CREDENTIALS.where(is_wanted))).one_or_none()
    return row and Credentials(*row)


async def select_credentials_of(db: AsyncSession, user_id: int) -> Credentials | None:
    """The credentials of a signed-in person: by id, since a name may change hands at any time."""
    row = (await db.execute(_CREDENTIALS.where(User.id == user_id))).one_or_none()
    return row and Credentials(*row)


async def select_taken(db: AsyncSession, username: str, email: str) -> tuple[bool, bool]:
    """Whether the username and the address are taken: a kinder message before the real check."""
    by_username = select(User.id).where(func.lower(User.username) == username.lower()).exists()
    by_email = select(User.id).where(func.lower(User.email) == email.lower()).exists()
    row = (await db.execute(select(by_username, by_email))).one()
    return bool(row[0]), bool(row[1])


async def insert_user(db: AsyncSession, username: str, email: str, password_hash: str) -> None:
    """Add a person.

    Raises UsernameTaken or EmailTaken; the database decides, so that of two people who submit
    the same name at the same instant exactly one gets it.
    """
    try:
        await db.execute(
            insert(User).values(username=username, email=email.lower(), password_hash=password_hash)
        )
    except IntegrityError as error:
        raise _taken(error) from error


async def update_profile(db: AsyncSession, user_id: int, values: Mapping[str, object]) -> None:
    """Change columns of a person, by their names. Raises UsernameTaken."""
    try:
        await db.execute(update(User).where(User.id == user_id).values(values))
    except IntegrityError as error:
        raise _taken(error) from error


def _taken(error: IntegrityError) -> Exception:
    if violates(error, "uq_users_username"):
        return UsernameTaken()
    if violates(error, "uq_users_email"):
        return EmailTaken()
    return error


async def update_password_hash(db: AsyncSession, user_id: int, known: str, new: str) -> None:
    """Replace the known hash. Raises PasswordChanged when it is no longer the person's."""
    updated = await db.execute(
        update(User)
        .where(User.id == user_id, User.password_hash == known)
        .values(password_hash=new)
        .returning(User.id)
    )
    if updated.one_or_none() is None:
        raise PasswordChanged()


async def delete_user(db: AsyncSession, user_id: int, known_hash: str) -> None:
    """Delete a person; comments and sign-ins go by their foreign keys.

    Raises PasswordChanged when the password that was checked is no longer the person's.
    """
    deleted = await db.execute(
        delete(User).where(User.id == user_id, User.password_hash == known_hash).returning(User.id)
    )
    if deleted.one_or_none() is None:
        raise PasswordChanged()


async def insert_sign_in(
    db: AsyncSession, token_hash: str, credentials: Credentials, user_agent: str
) -> None:
    """Remember that this browser is signed in.

    Raises PasswordChanged when the password that was checked is not the person's any more: who
    changes it ends all sign-ins, also one that was under way with the old one.
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
        raise PasswordChanged()


async def delete_sign_in(db: AsyncSession, token_hash: str) -> None:
    await db.execute(delete(SignIn).where(SignIn.token_hash == token_hash))


async def delete_expired_sign_ins(db: AsyncSession, user_ids: list[int]) -> None:
    """Forget the browsers in which these people were signed in once."""
    await db.execute(
        delete(SignIn).where(
            is_one_of(SignIn.user_id, user_ids), SignIn.created_at <= utc_now() - SIGN_IN_LIFETIME
        )
    )


async def update_last_seen(
    db: AsyncSession, user_ids: list[int], token_hashes: list[str], seen_at: datetime
) -> None:
    """Stamp people and their browsers; a moment that is older than the stamp changes nothing."""
    await db.execute(
        update(User)
        .where(is_one_of(User.id, user_ids), User.last_seen < seen_at)
        .values(last_seen=seen_at)
    )
    await db.execute(
        update(SignIn).where(is_one_of(SignIn.token_hash, token_hashes)).values(last_seen=seen_at)
    )
