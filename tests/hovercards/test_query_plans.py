"""A hover's query stays on its indexes, even when the database's statistics are out of date."""

from collections.abc import Sequence

import pytest
from sqlalchemy import insert, text

from quart_popovers.database import Database, fetch_rows
from quart_popovers.hovercards.queries import CardQuery, Hover
from quart_popovers.models import SignIn, User
from tests.visitor import MakeUser


class ExplainedQuery(CardQuery):
    async def plan(self) -> list[str]:
        explain = "EXPLAIN QUERY PLAN" if self._is_sqlite else "EXPLAIN (COSTS OFF)"
        hovers = {Hover("1", "ada"), Hover("2", "bo")}
        rows = await fetch_rows(self._engine, f"{explain} {self._sql}", self._parameters(hovers))
        return [row[-1].strip(" ->") for row in rows]


@pytest.fixture
async def sudden_crowd(database: Database, make_user: MakeUser) -> Database:
    """Three thousand people in a database whose statistics know of one.

    PostgreSQL renews its statistics; SQLite's are as old as the last ANALYZE.
    """
    ada = await make_user("ada")
    people = [
        {"username": f"person{n}", "email": f"person{n}@example.com", "password_hash": ""}
        for n in range(3000)
    ]
    browsers = [{"token_hash": f"{n}", "user_id": ada, "user_agent": ""} for n in range(3000)]
    async with database.writer.begin() as connection:
        await connection.execute(insert(SignIn), browsers[:1])
        await connection.execute(text("ANALYZE"))
        await connection.execute(insert(User), people)
        await connection.execute(insert(SignIn), browsers[1:])
        if database.writer.dialect.name == "postgresql":
            await connection.execute(text("ANALYZE"))
    return database


async def test_a_batch_of_hovers_reads_people_and_sign_ins_from_their_indexes(
    sudden_crowd: Database,
) -> None:
    plan = await ExplainedQuery(sudden_crowd.reader).plan()

    assert_looks_up(plan, "users", "uq_users_username")
    assert_looks_up(plan, "sign_ins", "sqlite_autoindex_sign_ins_1", "pk_sign_ins")


def assert_looks_up(plan: Sequence[str], table: str, *indexes: str) -> None:
    """One of these indexes is used (each database has its names), and the table is not scanned."""
    assert any(index in step for step in plan for index in indexes), plan
    assert not [step for step in plan if step.startswith((f"SCAN {table}", f"Seq Scan on {table}"))]
