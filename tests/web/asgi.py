"""Requests byte by byte, as Hypercorn hands them over; the test client would put them right."""

import asyncio
from typing import Any
from urllib.parse import unquote

from quart import Quart

from tests.visitor import Page, Visitor

FORM = "application/x-www-form-urlencoded"
Headers = dict[str, bytes]
Events = list[dict[str, Any]]


def cookies_of(visitor: Visitor) -> bytes:
    jar = visitor.client.cookie_jar or ()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar).encode()


def http_scope(**changes: object) -> dict[str, Any]:
    """The scope of `GET /`, with these values instead of its own."""
    return {
        "type": "http",
        "http_version": "1.1",
        "asgi": {"spec_version": "2.1", "version": "3.0"},
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": ("192.0.2.1", 5),
        "server": ("127.0.0.1", 80),
        "state": {},
        "extensions": {},
    } | changes


async def exchange(app: Quart, scope: dict[str, Any], events: Events | None = None) -> Events:
    """What the application sends for these events, by default those of an empty body."""
    waiting = events or [{"type": "http.request", "body": b"", "more_body": False}]
    sent: Events = []

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()  # stays connected until there is an answer
        return waiting.pop(0)

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    await app(scope, receive, send)  # type: ignore[arg-type]
    return sent


async def send_bytes(
    app: Quart, method: str, target: bytes, headers: Headers | None = None, body: bytes = b""
) -> Page:
    """The answer to exactly these bytes."""
    path, _, query = target.partition(b"?")
    given = {"host": b"localhost", "content-length": str(len(body)).encode()} | (headers or {})
    scope = http_scope(
        method=method,
        path=unquote(path.decode("ascii")),
        raw_path=path,
        query_string=query,
        headers=[(name.encode(), value) for name, value in given.items()],
    )
    asked = [{"type": "http.request", "body": body, "more_body": False}]
    return _page(await exchange(app, scope, asked))


def _page(sent: Events) -> Page:
    start, *parts = sent
    named = {name.decode(): value.decode() for name, value in start["headers"]}
    body = b"".join(bytes(part["body"]) for part in parts)
    return Page(start["status"], body.decode(errors="replace"), named.get("location"), named)
