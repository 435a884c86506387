"""A bug of ours is a 500 with a traceback; only an error that a later try may avoid is a 503."""

import logging
from pathlib import Path

import pytest
from quart import Quart
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from quart_popovers.database import reading, violates, writing
from quart_popovers.database.errors import is_unavailable
from quart_popovers.models import User
from tests.visitor import MakeUser

MISTAKES = {
    "a table that is not there": "SELECT * FROM nowhere",
    "a statement that is none": "SELEKT 1",
    "a value that the constraints refuse": "INSERT INTO posts (id) VALUES (NULL)",
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_wrong_statement_is_our_mistake_whatever_class_the_driver_gives_it(
    app: Quart, mistake: str
) -> None:
    @app.get("/test-only/mistake")
    async def make_it() -> str:
        async with reading() as db:
            await db.execute(text(MISTAKES[mistake]))
        return "no error"

    response = await app.test_client().get("/test-only/mistake")

    assert response.status_code == 500
    assert "Something went wrong on our side" in await response.get_data(as_text=True)


@pytest.mark.parametrize(
    "error",
    [TimeoutError(), ConnectionRefusedError(), ConnectionResetError(), OSError("No route to host")],
    ids=lambda error: type(error).__name__,
)
def test_a_network_that_fails_is_not_our_mistake(error: OSError) -> None:
    assert is_unavailable(error)


@pytest.mark.parametrize("error", [OSError("no such file"), TimeoutError("another server")])
async def test_an_error_of_other_code_is_not_the_databases_even_while_reading(
    app: Quart, caplog: pytest.LogCaptureFixture, error: OSError
) -> None:
    @app.get("/test-only/outside")
    async def fail_outside() -> str:
        raise error

    @app.get("/test-only/inside")
    async def fail_inside() -> str:
        async with reading():
            raise error

    with caplog.at_level(logging.ERROR):
        answers = [
            await app.test_client().get(f"/test-only/{where}") for where in ("outside", "inside")
        ]

    assert [answer.status_code for answer in answers] == [500, 500]
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


async def test_a_missing_file_is_a_bug_and_logged_with_its_traceback(
    app: Quart, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/test-only/file")
    async def read() -> str:
        return (tmp_path / "missing").read_text()

    with caplog.at_level(logging.ERROR):
        response = await app.test_client().get("/test-only/file")

    assert response.status_code == 500
    assert "FileNotFoundError" in caplog.text


@pytest.mark.parametrize(
    ("taken", "constraint"),
    [
        ({"username": "ADA", "email": "new@example.com"}, "uq_users_username"),
        ({"username": "new", "email": "ADA@example.com"}, "uq_users_email"),
    ],
)
async def test_the_database_names_the_constraint_that_refused(
    app: Quart, make_user: MakeUser, taken: dict[str, str], constraint: str
) -> None:
    await make_user("ada")

    async with app.app_context():
        with pytest.raises(IntegrityError) as refused:
            async with writing() as db:
                await db.execute(insert(User).values(password_hash="", **taken))

    others = {"uq_users_username", "uq_users_email"} - {constraint}
    assert violates(refused.value, constraint)
    assert not any(violates(refused.value, other) for other in others)
