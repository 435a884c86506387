"""How long an answer waits for the rest of its request; tests/serving has real connections."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from quart import Quart

from quart_popovers.web import unread_bodies
from tests.web.asgi import http_scope

# As many as Hypercorn keeps for an application (`max_app_queue_size`).
QUEUE = 10

PART = {"type": "http.request", "body": b"a" * 1000, "more_body": True}
END = {"type": "http.request", "body": b"", "more_body": False}
GONE = {"type": "http.disconnect"}


class Server:
    """One request as Hypercorn handles it: it waits until each event is in its short queue."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE)
        self.sent: list[dict[str, Any]] = []
        self.answer_began = asyncio.Event()
        self._is_closed = False

    async def put(self, *events: dict[str, Any]) -> None:
        for event in events:
            if not self._is_closed:
                await self._queue.put(event)

    async def send(self, event: dict[str, Any]) -> None:
        self.sent.append(event)
        self.answer_began.set()
        if event["type"] == "http.response.body" and not event.get("more_body", False):
            self._is_closed = True
            await self._queue.put(GONE)

    async def serve(self, app: Quart, **scope: object) -> None:
        headers = [(b"host", b"localhost"), (b"transfer-encoding", b"chunked")]
        request = http_scope(path="/user/x/popup", headers=headers) | scope
        await app(request, self._queue.get, self.send)  # type: ignore[arg-type]

    @property
    def has_sent_the_last_part(self) -> bool:
        return bool(self.sent) and self.sent[-1].get("more_body") is False


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Fails a test that leaves something waiting."""
    async with asyncio.timeout(60):
        yield Server()


async def test_the_last_part_of_an_answer_waits_for_the_end_of_the_body(
    app: Quart, server: Server
) -> None:
    serving = asyncio.create_task(server.serve(app))
    await server.answer_began.wait()
    await server.put(*[PART] * 3 * QUEUE)
    waited = not server.has_sent_the_last_part

    await server.put(END)
    await serving

    assert waited
    assert server.has_sent_the_last_part


async def test_it_waits_no_longer_than_a_client_needs_to_read_an_answer(
    app: Quart, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread_bodies, "LINGER_S", 0)

    await asyncio.gather(server.serve(app), server.put(*[PART] * 3 * QUEUE))

    assert server.has_sent_the_last_part


async def test_it_does_not_wait_for_a_body_without_end(
    app: Quart, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread_bodies, "LINGER_S", 3600)
    monkeypatch.setattr(unread_bodies, "LINGER_BYTES", 10_000)

    serving = asyncio.create_task(server.serve(app))
    await server.put(*[PART] * 3 * QUEUE)
    await serving

    assert server.has_sent_the_last_part


async def test_a_client_that_goes_while_it_is_answered_leaves_nothing_waiting(
    app: Quart, server: Server
) -> None:
    before = asyncio.all_tasks()
    serving = asyncio.create_task(server.serve(app))
    await server.put(*[PART] * 3 * QUEUE, GONE)
    await serving

    await asyncio.sleep(0)
    assert asyncio.all_tasks() <= before | {serving}


async def test_an_application_that_fails_leaves_no_body_unread(server: Server) -> None:
    """The server then answers itself, and tells so through the same queue."""

    async def failing(*_request: object) -> None:
        raise LookupError

    layer = unread_bodies.ReceiveUnreadBodies(failing)
    headers = [(b"content-length", b"1000000")]
    with pytest.raises(LookupError):
        await layer(http_scope(headers=headers), server._queue.get, server.send)  # type: ignore[arg-type]

    await server.put(*[PART] * 3 * QUEUE, GONE)


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ({"headers": [(b"host", b"localhost")]}, False),
        ({"headers": [(b"content-length", b"0")]}, False),
        ({"headers": [(b"content-length", b"1")]}, True),
        ({"headers": [(b"transfer-encoding", b"chunked")]}, True),
        ({"headers": [(b"x", b"y")] * 101}, True),
        ({"http_version": "2", "scheme": "https"}, True),
    ],
)
def test_only_a_request_that_may_have_a_body_is_watched(
    scope: dict[str, object], may: bool
) -> None:
    assert unread_bodies.may_have_body(http_scope(**scope)) is may  # type: ignore[arg-type]
