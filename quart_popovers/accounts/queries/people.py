"""People: who they are, how they sign in, and what they change about themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ...database import violates
from ...models import User
from ...people import PROFILE_COLUMNS, Profile
from ..errors import Taken, WrongPassword


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


_CREDENTIALS = select(User.id, User.username, User.password_hash)


async def select_credentials(db: AsyncSession, name: str) -> Credentials | None:
    """The credentials of the person with this username or address, as `normalise_name` gives it."""
    # No username holds an "@" and every address does, so at most one person matches.
    is_wanted = or_(func.lower(User.username) == name, func.lower(User.email) == name)
    row = (await db.execute(_CREDENTIALS.where(is_wanted))).one_or_none()
    return row and Credentials(*row)


async def select_credentials_of(db: AsyncSession, user_id: int) -> Credentials | None:
    """The credentials of a signed-in person: by id, since a name may change hands at any time."""
    row = (await db.execute(_CREDENTIALS.where(User.id == user_id))).one_or_none()
    return row and Credentials(*row)


async def select_taken(db: AsyncSession, username: str, email: str) -> Taken | None:
    """Which of both is taken, before the database refuses one of them."""
    by_username = select(User.id).where(func.lower(User.username) == username.lower()).exists()
    by_email = select(User.id).where(func.lower(User.email) == email).exists()
    row = (await db.execute(select(by_username.label("username"), by_email.label("email")))).one()
    fields = {field for field, is_taken in row._mapping.items() if is_taken}
    return Taken(fields) if fields else None


async def insert_user(db: AsyncSession, username: str, email: str, password_hash: str) -> None:
    """Add a person, with the address as `normalise_name` gives it.

    Raises Taken; the database decides, so that of two people who submit the same name at the
    same instant exactly one gets it.
    """
    try:
        await db.execute(
            insert(User).values(username=username, email=email, password_hash=password_hash)
        )
    except IntegrityError as error:
        raise _taken(error) from error


async def update_profile(db: AsyncSession, user_id: int, values: Mapping[str, object]) -> None:
    """Change columns of a person, by their names. Raises Taken."""
    try:
        await db.execute(update(User).where(User.id == user_id).values(values))
    except IntegrityError as error:
        raise _taken(error) from error


def _taken(error: IntegrityError) -> Exception:
    if violates(error, "uq_users_username"):
        return Taken({"username"})
    if violates(error, "uq_users_email"):
        return Taken({"email"})
    return error


async def update_password_hash(db: AsyncSession, user_id: int, known: str, new: str) -> None:
    """Replace the known hash. Raises WrongPassword when it is no longer the person's."""
    updated = await db.execute(
        update(User)
        .where(User.id == user_id, User.password_hash == known)
        .values(password_hash=new)
        .returning(User.id)
    )
    if updated.one_or_none() is None:
        raise WrongPassword()


async def delete_user(db: AsyncSession, user_id: int, known_hash: str) -> None:
    """Delete a person; comments and sign-ins go by their foreign keys.

    Raises WrongPassword when the known hash is no longer the person's.
    """
    deleted = await db.execute(
        delete(User).where(User.id == user_id, User.password_hash == known_hash).returning(User.id)
    )
    if deleted.one_or_none() is None:
        raise WrongPassword()
