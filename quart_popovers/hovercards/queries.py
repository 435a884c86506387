"""The one statement behind all hover cards."""

import json
from collections import defaultdict
from collections.abc import Sequence, Set
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine

from ..accounts.queries.sign_ins import sign_ins_expire_before
from ..database import RowConverter, fetch_rows
from ..models import SignIn
from ..people import PROFILE_COLUMNS, Profile

# SQLite's planner trusts the last ANALYZE: one that ran while few people were signed in makes it
# read all sign-ins at each hover (2.2 ms a batch with 28,000 of them instead of 60 µs). Hence
# INDEXED BY, which only SQL text can say. Each viewer's sign-in is looked up once a batch.
SQLITE = """
SELECT viewer.key, hover.value, sign_ins.user_id, {columns}
FROM json_each(?) AS viewer
LEFT JOIN sign_ins INDEXED BY sqlite_autoindex_sign_ins_1
    ON sign_ins.token_hash = viewer.key AND sign_ins.created_at > ?
JOIN json_each(viewer.value) AS hover
LEFT JOIN users INDEXED BY uq_users_username ON lower(users.username) = hover.value
""".strip()
POSTGRESQL = """
SELECT hover.token_hash, hover.username, sign_ins.user_id, {columns}
FROM unnest($1::text[], $2::text[]) AS hover (token_hash, username)
LEFT JOIN sign_ins ON sign_ins.token_hash = hover.token_hash AND sign_ins.created_at > $3
LEFT JOIN users ON lower(users.username) = hover.username
""".strip()


class Hover(NamedTuple):
    """A viewer, by the hash of the sign-in's token, and a person, by lower-case name."""

    token_hash: str
    username: str


class Answer(NamedTuple):
    """What a hover gets; either is None when there is no such sign-in or person."""

    viewer_id: int | None
    card: Profile | None


class CardQuery:
    """Answers a batch of hovers in one round trip.

    The driver runs the statement: through SQLAlchemy's cursor it would be five hops to aiosqlite's
    thread and 700 µs instead of one and 180 µs (docs/performance.md). The text is constant, so
    that the database prepares it once; columns and their conversions are those of `people.py`.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        dialect = engine.dialect
        self._engine = engine
        self._is_sqlite = dialect.name == "sqlite"
        columns = ", ".join(str(column.compile(dialect=dialect)) for column in PROFILE_COLUMNS)
        self._sql = (SQLITE if self._is_sqlite else POSTGRESQL).format(columns=columns)
        self._convert = RowConverter(PROFILE_COLUMNS, dialect)
        moment = SignIn.created_at.type.dialect_impl(dialect)
        self._from_moment = moment.bind_processor(dialect)

    async def select(self, hovers: Set[Hover]) -> dict[Hover, Answer]:
        """The answer to each of these hovers."""
        rows = await fetch_rows(self._engine, self._sql, self._parameters(hovers))
        # The first two columns are a hover: named tuples are equal to plain ones.
        return {row[:2]: Answer(row[2], self._profile(row[3:])) for row in rows}

    def _parameters(self, hovers: Set[Hover]) -> list[Any]:
        expire_before = sign_ins_expire_before()
        if self._is_sqlite:
            names_by_viewer = defaultdict(list)
            for token_hash, username in hovers:
                names_by_viewer[token_hash].append(username)
            return [json.dumps(names_by_viewer), self._from_moment(expire_before)]
        return [[it.token_hash for it in hovers], [it.username for it in hovers], expire_before]

    def _profile(self, values: Sequence[Any]) -> Profile | None:
        return None if values[0] is None else Profile(*self._convert(values))
