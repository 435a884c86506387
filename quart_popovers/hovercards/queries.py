"""The one statement behind all hovers."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    String,
    bindparam,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from ..accounts.queries import SIGN_IN_LIFETIME
from ..avatars.people import Person
from ..database import ValueList, is_one_of
from ..models import SignIn, User, utc_now

TEXTS = ValueList(String())


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


class BatchQuery:
    """People by lower-case name and sign-ins by token hash, in one round trip.

    SQLAlchemy writes the statement, once; the driver runs it. A trip through SQLAlchemy and its
    cursor is five hops to aiosqlite's thread and takes 700 µs, the driver's own one hop 180 µs
    (docs/performance.md). A whole set travels as one parameter, so that the text is always the
    same and the database prepares it once.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        compiled = self._statement().compile(dialect=engine.dialect)
        self._sql, self._order = str(compiled), compiled.positiontup or []

    async def select(self, usernames: Set[str], token_hashes: Set[str]) -> Batch:
        given = {"usernames": usernames, "token_hashes": token_hashes}
        rows = await self._fetch([self._as_parameter(given[name]) for name in self._order])
        oldest_sign_in = utc_now() - SIGN_IN_LIFETIME
        cards, viewers = {}, {}
        for key, user_id, username, email, about_me, created_at, last_seen, post_count in rows:
            if username is not None:
                person = Person.of(user_id, username, email)
                cards[key] = Card(person, about_me, _utc(created_at), _utc(last_seen), post_count)
            elif _utc(created_at) > oldest_sign_in:
                viewers[key] = user_id
        return Batch(cards, viewers)

    def _statement(self) -> Any:
        name = func.lower(User.username)
        cards = select(
            name,
            User.id,
            User.username,
            User.email,
            User.about_me,
            User.created_at,
            User.last_seen,
            User.post_count,
        )
        sign_ins = select(
            SignIn.token_hash,
            SignIn.user_id,
            null(),
            null(),
            null(),
            SignIn.created_at,
            null(),
            null(),
        )
        cards = cards.where(is_one_of(name, bindparam("usernames", type_=TEXTS)))
        sign_ins = sign_ins.where(
            is_one_of(SignIn.token_hash, bindparam("token_hashes", type_=TEXTS))
        )
        # SQLite believes what the last ANALYZE saw: one made while few were signed in would have
        # it read all sign-ins at every hover (2.2 ms a batch with 28,000 of them, not 60 µs).
        return union_all(
            cards.with_hint(User, "INDEXED BY uq_users_username", "sqlite"),
            sign_ins.with_hint(SignIn, "INDEXED BY sqlite_autoindex_sign_ins_1", "sqlite"),
        )

    def _as_parameter(self, values: Set[str]) -> Any:
        return TEXTS.process_bind_param(values, self._engine.dialect)

    async def _fetch(self, parameters: list[Any]) -> Any:
        async with self._engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            try:
                if self._is_sqlite:
                    return await driver.execute_fetchall(self._sql, parameters)
                return await driver.fetch(self._sql, *parameters)
            except BaseException:
                # SQLAlchemy did not see this error or cancellation: the connection may be dead
                # or still busy, and must not serve another query.
                await connection.invalidate()
                raise


def _utc(moment: str | datetime) -> datetime:
    """SQLite gives text, and neither needs a zone to be UTC."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found.replace(tzinfo=UTC)
