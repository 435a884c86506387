"""An answer that did not wait for the body leaves no connection behind, whichever answer it is."""

import asyncio

import pytest

from tests.serving.raw import send_raw, status_of
from tests.serving.server import Server

# More than Hypercorn's queue of ten events, and without an end.
CHUNKS = b"1\r\na\r\n" * 20
AT_ONCE = 200

HEADERS = "".join(f"X-{n}: y\r\n" for n in range(200))
WEBSOCKET = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
H2C = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"

# Request line and headers, the host apart, and the status of the answer.
ANSWERS = {
    "card for a guest": ("GET /user/x/popup", "", 401),
    "host that is none": ("GET /", "Host: a..b\r\n", 400),
    "form without a token": ("POST /login", "", 400),
    "no such page": ("GET /nothing", "", 404),
    "wrong method": ("POST /healthz", "", 405),
    "page": ("GET /login", "", 200),
    "static file": ("GET /static/x/site.css", "", 200),
    "redirect": ("GET /", "", 303),
    "flood of headers": ("GET /login", HEADERS, 431),
    "long address": (f"GET /{'a' * 9000}", "", 414),
    "form of an address that is not served": ("OPTIONS *", "", 400),
    "WebSocket": ("GET /", WEBSOCKET + KEY, 400),
    "WebSocket that is none": ("GET /", WEBSOCKET, 400),
    "h2c": ("GET /user/x/popup", H2C, 401),
}


@pytest.mark.parametrize(("line", "headers", "status"), ANSWERS.values(), ids=ANSWERS)
async def test_no_connection_is_kept_after_its_client_has_gone(
    two_workers: Server, line: str, headers: str, status: int
) -> None:
    before = two_workers.open_sockets()
    host = "" if "Host:" in headers else "Host: localhost\r\n"
    head = f"{line} HTTP/1.1\r\n{host}{headers}Transfer-Encoding: chunked\r\n\r\n"

    answers = await asyncio.gather(
        *(send_raw(two_workers.port, head.encode() + CHUNKS) for _ in range(AT_ONCE))
    )

    assert set(map(status_of, answers)) == {status}
    await two_workers.until_open_sockets_are(before)
