"""The one statement behind all hovers."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Integer,
    bindparam,
    func,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from ..accounts.queries import SIGN_IN_LIFETIME
from ..avatars.people import Person
from ..models import SignIn, User, UtcDateTime, utc_now


@dataclass(frozen=True, slots=True)
class Card:
    """What a hover card shows of a person."""

    person: Person
    about_me: str
    created_at: datetime
    last_seen: datetime
    post_count: int


@dataclass(frozen=True, slots=True)
class Batch:
    """The answer to many hovers: cards by lower-case name, user ids by sign-in's token hash."""

    cards: dict[str, Card]
    viewers: dict[str, int]


_cards = select(
    func.lower(User.username).label("key"),
    User.id,
    User.username,
    User.email,
    User.about_me,
    User.created_at,
    User.last_seen,
    User.post_count,
).where(func.lower(User.username).in_(bindparam("usernames", expanding=True)))

_viewers = select(
    SignIn.token_hash,
    SignIn.user_id,
    null(),
    null(),
    null(),
    type_coerce(null(), UtcDateTime),
    type_coerce(null(), UtcDateTime),
    type_coerce(null(), Integer),
).where(
    SignIn.token_hash.in_(bindparam("token_hashes", expanding=True)),
    SignIn.created_at > bindparam("oldest_sign_in"),
)

_batch = union_all(_cards, _viewers)


async def select_batch(db: AsyncConnection, usernames: Set[str], token_hashes: Set[str]) -> Batch:
    """Load people by lower-case name and sign-ins by token hash in one round trip."""
    rows = await db.execute(
        _batch,
        {
            "usernames": list(usernames),
            "token_hashes": list(token_hashes),
            "oldest_sign_in": utc_now() - SIGN_IN_LIFETIME,
        },
    )
    cards, viewers = {}, {}
    for key, user_id, username, email, *facts in rows:
        if username is None:
            viewers[key] = user_id
        else:
            cards[key] = Card(Person.of(user_id, username, email), *facts)
    return Batch(cards, viewers)
