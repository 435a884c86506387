"""Requests that are legal, odd or broken: each has an answer, and none leaves a traceback."""

import asyncio
import re

import pytest

from tests.serving.browser import connect
from tests.serving.raw import send_raw, status_of
from tests.serving.server import GIVE_UP_S, Server

HOST = b"Host: localhost\r\n"
FORM = HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"

# Request line, the rest, and the status of the answer.
REQUESTS = {
    "absolute form": (b"GET http://localhost/login HTTP/1.1", HOST, 200),
    "absolute form of a hover": (b"GET http://localhost/user/x/popup HTTP/1.1", HOST, 401),
    "absolute form without a path": (b"GET http://localhost HTTP/1.1", HOST, 303),
    "absolute form that is none": (b"GET http://[ HTTP/1.1", HOST, 400),
    "absolute form without a host": (b"GET http:login HTTP/1.1", HOST, 400),
    "another scheme": (b"GET ftp://localhost/login HTTP/1.1", HOST, 400),
    "relative path": (b"GET login HTTP/1.1", HOST, 400),
    "query only": (b"GET ?a=b HTTP/1.1", HOST, 400),
    "no target": (b"GET  HTTP/1.1", HOST, 400),
    "asterisk": (b"OPTIONS * HTTP/1.1", HOST, 400),
    "options": (b"OPTIONS /login HTTP/1.1", HOST, 200),
    "authority form": (b"CONNECT localhost:443 HTTP/1.1", HOST, 400),
    "trace": (b"TRACE /login HTTP/1.1", HOST, 405),
    "unknown method": (b"BREW /login HTTP/1.1", HOST, 405),
    "long method": (b"A" * 10_000 + b" /login HTTP/1.1", HOST, 405),
    "head": (b"HEAD /login HTTP/1.1", HOST, 200),
    "head of a hover": (b"HEAD /user/x/popup HTTP/1.1", HOST, 401),
    "HTTP/1.0 without a host": (b"GET /login HTTP/1.0", b"", 200),
    "hover in HTTP/1.0": (b"GET /user/x/popup HTTP/1.0", b"", 401),
    "no host": (b"GET /login HTTP/1.1", b"", 400),
    "two hosts": (b"GET /login HTTP/1.1", HOST * 2, 400),
    "empty host": (b"GET /login HTTP/1.1", b"Host: \r\n", 200),
    "unknown version": (b"GET /login HTTP/7.3", HOST, 400),
    "no version": (b"GET /login", HOST, 400),
    "expects something": (b"POST /login HTTP/1.1", FORM + b"Expect: gold\r\n", 400),
    "ranges": (b"GET /login HTTP/1.1", HOST + b"Range: bytes=0-1,3-2,-\r\n", 200),
    "dates that are none": (b"GET /login HTTP/1.1", HOST + b"If-Modified-Since: now\r\n", 200),
    "10,000 headers": (b"GET /login HTTP/1.1", HOST + b"a:b\r\n" * 10_000, 431),
}


@pytest.mark.parametrize(("line", "headers", "status"), REQUESTS.values(), ids=REQUESTS)
async def test_each_has_an_answer(
    two_workers: Server, line: bytes, headers: bytes, status: int
) -> None:
    head = await send_raw(two_workers.port, line + b"\r\n" + headers + b"\r\n")

    assert status_of(head) == status


CHUNKED = FORM + b"Transfer-Encoding: chunked\r\n"
BODIES = {
    "chunked": (CHUNKED, b"3\r\na=b\r\n0\r\n\r\n", 400),
    "with a trailer": (CHUNKED, b"3\r\na=b\r\n0\r\nX-Trailer: y\r\n\r\n", 400),
    "with a long extension": (CHUNKED, b"3;" + b"a" * 30_000 + b"\r\na=b\r\n0\r\n\r\n", 400),
    "with a chunk that is none": (CHUNKED, b"zz\r\na=b\r\n0\r\n\r\n", 400),
    "in single bytes": (CHUNKED, b"1\r\na\r\n" * 5_000 + b"0\r\n\r\n", 400),
    "too long": (CHUNKED, (b"2000\r\n" + b"a" * 0x2000 + b"\r\n") * 9, 413),
    # Hypercorn's own: RFC 9112, section 6.1, asks for 501 when a coding is not understood.
    "compressed": (FORM + b"Transfer-Encoding: gzip, chunked\r\n", b"", 501),
    "chunked twice": (CHUNKED + b"Transfer-Encoding: chunked\r\n", b"", 501),
}


@pytest.mark.parametrize(("headers", "body", "status"), BODIES.values(), ids=BODIES)
async def test_each_body_has_an_answer(
    two_workers: Server, headers: bytes, body: bytes, status: int
) -> None:
    head = await send_raw(two_workers.port, b"POST /login HTTP/1.1\r\n" + headers + b"\r\n" + body)

    assert status_of(head) == status


async def test_a_client_that_waits_to_send_its_body_is_told_to_go_on(two_workers: Server) -> None:
    headers = FORM + b"Expect: 100-continue\r\nContent-Length: 3\r\n"
    reader, writer = await connect(two_workers.port)
    writer.write(b"POST /login HTTP/1.1\r\n" + headers + b"\r\n")

    async with asyncio.timeout(GIVE_UP_S):
        interim = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"a=b")
        final = await reader.readuntil(b"\r\n\r\n")
    writer.close()

    assert (status_of(interim), status_of(final)) == (100, 400)


@pytest.mark.parametrize("path", ["/healthz", "/user/x/popup"])
async def test_a_thousand_requests_at_once_are_answered_in_order(
    two_workers: Server, path: str
) -> None:
    """Sent without waiting for an answer ("pipelining"), the last one of them closing."""
    reader, writer = await connect(two_workers.port)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode()
    writer.write((request + b"\r\n") * 999 + request + b"Connection: close\r\n\r\n")

    async with asyncio.timeout(GIVE_UP_S):
        answers = await reader.read()
    writer.close()

    assert len(re.findall(rb"HTTP/1\.1 (?:200|401) ", answers)) == 1000


async def test_a_client_that_asks_for_much_and_reads_nothing_holds_nobody_up(
    two_workers: Server,
) -> None:
    before = two_workers.open_sockets()
    request = b"GET /static/x/site.css HTTP/1.1\r\n" + HOST + b"\r\n"
    clients = [await connect(two_workers.port) for _ in range(20)]
    for _reader, writer in clients:
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(request * 500)

    page = await two_workers.browser().get("/login")
    for _reader, writer in clients:
        writer.transport.abort()

    assert page.status == 200
    await two_workers.until_open_sockets_are(before)


async def test_each_is_one_line_in_the_log_and_none_of_them_is_long(two_workers: Server) -> None:
    line = b"A" * 10_000 + b" /" + b"a" * 7_000 + b" HTTP/1.1\r\n"
    await send_raw(two_workers.port, line + HOST + b"\r\n")

    lines = [line for line in two_workers.log.splitlines() if " method=" in line]
    assert lines
    assert max(map(len, lines)) < 1_000
