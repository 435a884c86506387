"""A mistake of ours is a 500 in the log; only what another try can cure is a 503."""

import pytest
from quart import Quart
from sqlalchemy import text

from quart_popovers.database import reading
from quart_popovers.unavailable import is_unavailable

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
    assert "Something broke on our side" in await response.get_data(as_text=True)


@pytest.mark.parametrize(
    "error",
    [TimeoutError(), ConnectionRefusedError(), ConnectionResetError(), OSError("No route to host")],
    ids=lambda error: type(error).__name__,
)
def test_a_network_that_fails_is_not_our_mistake(error: OSError) -> None:
    assert is_unavailable(error)
