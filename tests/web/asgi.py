"""Requests byte by byte, as Hypercorn hands them over; the test client would put them right."""

import asyncio
from urllib.parse import unquote

from quart import Quart

from tests.visitor import Page, Visitor

FORM = "application/x-www-form-urlencoded"
Headers = dict[str, bytes]


def cookies_of(visitor: Visitor) -> bytes:
    jar = visitor.client.cookie_jar or ()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar).encode()


async def send_bytes(
    app: Quart, method: str, target: bytes, headers: Headers | None = None, body: bytes = b""
) -> Page:
    """The answer to exactly these bytes."""
    path, _, query = target.partition(b"?")
    given = {"host": b"localhost", "content-length": str(len(body)).encode()} | (headers or {})
    scope = {
        "type": "http",
        "http_version": "1.1",
        "asgi": {"spec_version": "2.1", "version": "3.0"},
        "method": method,
        "scheme": "http",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.encode(), value) for name, value in given.items()],
        "client": ("192.0.2.1", 5),
        "server": ("127.0.0.1", 80),
        "state": {},
        "extensions": {},
    }
    asked = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        if not asked:
            await asyncio.Event().wait()  # stays connected until there is an answer
        return asked.pop()

    async def send(event: dict[str, object]) -> None:
        sent.append(event)

    await app(scope, receive, send)  # type: ignore[arg-type]
    return _page(sent)


def _page(sent: list[dict[str, object]]) -> Page:
    start, *parts = sent
    headers = start["headers"]
    assert isinstance(headers, list)
    named = {name.decode(): value.decode() for name, value in headers}
    body = b"".join(bytes(part["body"]) for part in parts)  # type: ignore[call-overload]
    return Page(int(str(start["status"])), body.decode(), named.get("location"), named)
