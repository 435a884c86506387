"""A person as others see them: the rows, their columns, and how one becomes the other.

A new field of a person is a field of `Profile` and a column of `PROFILE_COLUMNS`, and reaches
every page, card and export from here (docs/extending.md).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Dialect, String, type_coerce
from sqlalchemy.types import TypeDecorator

from .models import User


class EmailHash(TypeDecorator[str]):
    """Reads an email address as its SHA-256 in hexadecimal, so that the address goes no further.

    Source: https://docs.gravatar.com/rest/hash/
    """

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return value and _hash_email(value)


@lru_cache(maxsize=10_000)
def _hash_email(address: str) -> str:
    return sha256(address.strip().lower().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Person:
    """What a list shows of a person: a name and a picture.

    `picture` is "gravatar" or "drawn", as the person chose.
    """

    id: int
    username: str
    email_hash: str
    picture: str


@dataclass(frozen=True, slots=True)
class Profile(Person):
    """Everything that others may see of a person."""

    about_me: str
    created_at: datetime
    last_seen: datetime
    post_count: int


# In the order of the fields: `Person(*row)` and `Profile(*row)` are the mapping.
PERSON_COLUMNS: tuple[Any, ...] = (
    User.id,
    User.username,
    type_coerce(User.email, EmailHash).label("email_hash"),
    User.picture,
)
PROFILE_COLUMNS: tuple[Any, ...] = (
    *PERSON_COLUMNS,
    User.about_me,
    User.created_at,
    User.last_seen,
    User.post_count,
)
