"""Lists as parameters: any length, one parameter, one statement."""

import pytest
from quart import Quart
from sqlalchemy import event, select

from quart_popovers.database import Database, is_one_of, reading
from quart_popovers.models import User
from tests.visitor import MakeUser


async def test_a_list_longer_than_the_parameters_of_a_statement_finds_its_rows(
    app: Quart, make_user: MakeUser
) -> None:
    wanted = [await make_user("ada"), await make_user("bo")]
    await make_user("chidi")
    wanted_names = ["bo", "chidi", *(f"nobody{n}" for n in range(40_000))]

    async with app.app_context(), reading() as db:
        by_id = await db.scalars(select(User.username).where(is_one_of(User.id, wanted)))
        by_name = await db.scalars(
            select(User.username).where(is_one_of(User.username, wanted_names))
        )

    assert set(by_id) == {"ada", "bo"}
    assert set(by_name) == {"bo", "chidi"}


@pytest.mark.parametrize("values", [[], ['"; DROP TABLE users', "a\\b", "{x,y}", "NULL", "ü\n"]])
async def test_no_value_and_special_characters_find_nothing(
    app: Quart, make_user: MakeUser, values: list[str]
) -> None:
    await make_user("ada")

    async with app.app_context(), reading() as db:
        found = await db.scalars(select(User.username).where(is_one_of(User.username, values)))

    assert found.all() == []


async def test_lists_of_all_lengths_are_one_statement(app: Quart, database: Database) -> None:
    statements = set()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.add(statement)

    event.listen(database.reader.sync_engine, "before_cursor_execute", note)
    async with app.app_context(), reading() as db:
        for length in (0, 1, 2, 1000):
            await db.execute(select(User.id).where(is_one_of(User.id, range(length))))

    assert len(statements) == 1


async def test_the_condition_uses_an_index(app: Quart, database: Database) -> None:
    if database.reader.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads a table this small without its index")
    query = select(User.username).where(is_one_of(User.id, [1, 2]))
    compiled = query.compile(dialect=database.reader.dialect)

    async with app.app_context(), reading() as db:
        connection = await db.connection()
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", ("[1, 2]",))

    assert "SEARCH users USING INTEGER PRIMARY KEY" in str(plan.all())
