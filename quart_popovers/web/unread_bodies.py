"""Receives the part of a request's body that its answer did not wait for."""

import asyncio
from contextlib import suppress

from hypercorn.typing import (
    ASGIFramework,
    ASGIReceiveCallable,
    ASGIReceiveEvent,
    ASGISendCallable,
    ASGISendEvent,
    HTTPScope,
    Scope,
)

from .unsupported import has_too_many_headers

# A client may send the rest of its body, and read the answer, for this long and up to this size.
# Closing the connection at once would reset it, and the answer could be lost on its way.
LINGER_S = 2
LINGER_BYTES = 1024 * 1024

BODY_HEADERS = {b"content-length", b"transfer-encoding"}


class ReceiveUnreadBodies:
    """Takes every event of a request with a body, whether or not the application does.

    Hypercorn passes a body on through a queue of ten events (`max_app_queue_size`). When the
    application answers without receiving, Hypercorn waits to put the eleventh event into it for
    ever, does not see that the client has closed the connection, and keeps its descriptor.
    """

    def __init__(self, app: ASGIFramework) -> None:
        self._app = app

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] != "http" or not may_have_body(scope):
            await self._app(scope, receive, send)
            return
        body = _Body(receive)

        async def send_and_receive(event: ASGISendEvent) -> None:
            if event["type"] == "http.response.body" and not event.get("more_body", False):
                await send({**event, "more_body": True})
                await body.linger()
                event = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(event)

        try:
            await self._app(scope, body.receive, send_and_receive)
        finally:
            body.discard()  # also when the application failed: the server then answers itself


def may_have_body(scope: HTTPScope) -> bool:
    """Whether a body may follow; only the frames of HTTP/2 say so, not its headers."""
    return (
        scope["http_version"] == "2"
        or has_too_many_headers(scope)
        or any(name in BODY_HEADERS and value != b"0" for name, value in scope["headers"])
    )


class _Body:
    """The events of one request, received by the application, by `discard`, or by both."""

    def __init__(self, receive: ASGIReceiveCallable) -> None:
        self._receive = receive
        self._bytes_left = LINGER_BYTES
        self._is_over = False  # all is received, or the client has gone
        self._is_enough = asyncio.Event()  # over, or too much to wait for
        self._discarding: asyncio.Task[None] | None = None

    async def receive(self) -> ASGIReceiveEvent:
        event = await self._receive()
        if event["type"] == "http.request" and event.get("more_body", False):
            self._bytes_left -= len(event["body"])
        else:
            self._is_over = True
            if self._discarding:
                self._discarding.cancel()
        if self._is_over or self._bytes_left < 0:
            self._is_enough.set()
        return event

    async def linger(self) -> None:
        """Receive what is left, for a limited time; go on in the background with what is not."""
        self.discard()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                await self._is_enough.wait()

    def discard(self) -> None:
        """Receive until the body is over, which it is at the latest when the answer is sent."""
        if not self._is_over and self._discarding is None:
            self._discarding = asyncio.create_task(self._receive_all())

    async def _receive_all(self) -> None:
        while True:  # until cancelled by whoever receives the last event
            await self.receive()
