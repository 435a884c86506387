"""What a worker does in its last moments; real stops are in tests/serving/test_closing.py."""

import asyncio
import inspect

import hypercorn.asyncio.run
from quart import Quart

from quart_popovers.web.closing import answer_latecomers


async def test_a_connection_that_came_in_while_closing_is_answered() -> None:
    answers = []

    async def _server_callback() -> None:
        await asyncio.sleep(0)
        answers.append("answered")

    connection = asyncio.create_task(_server_callback())
    await answer_latecomers()

    assert answers == ["answered"]
    assert connection.done()


def test_hypercorn_still_calls_its_connections_so() -> None:
    assert "async def _server_callback(" in inspect.getsource(hypercorn.asyncio.run)


async def test_closing_is_set_at_the_end_whoever_serves(app: Quart) -> None:
    closing: asyncio.Event = app.extensions["closing"]
    was_set = closing.is_set()

    await app.shutdown()

    assert not was_set
    assert closing.is_set()
