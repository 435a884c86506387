"""Who sends slowly, too much or no HTTP at all is cut off, and nobody else notices."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from quart_popovers import LARGEST_BODY_BYTES, SLOWEST_BODY_S
from tests.serving.browser import Browser, connect
from tests.serving.impatient_site import BODY_TIMEOUT_S, KEEP_ALIVE_S
from tests.serving.server import Server

SITE = "tests.serving.impatient_site:create_impatient_site()"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
# How long a machine under load may take on top; the real patience is several times longer.
LEEWAY_S = 4


@pytest.fixture(scope="module")
async def server(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """One server for all of them: what one did must not trouble the next."""
    folder = tmp_path_factory.mktemp("impatient")
    shutil.copy(sqlite_template, folder / "site.db")
    server = Server(f"sqlite:///{folder / 'site.db'}", folder, site=SITE)
    server.command[3:3] = ["--keep-alive", str(KEEP_ALIVE_S)]
    async with server:
        yield server
        assert server.ended_without_a_traceback(), server.log


@asynccontextmanager
async def connection(
    server: Server,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await connect(server.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer_to(server: Server, request: bytes) -> tuple[int, bytes]:
    """The status and page that these bytes get; the connection ends by the server's doing."""
    async with connection(server) as (reader, writer):
        writer.write(request)
        async with asyncio.timeout(KEEP_ALIVE_S + BODY_TIMEOUT_S + LEEWAY_S):
            answer = await reader.read()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def post(path: str, headers: str, body: bytes) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode() + body


async def trickle(server: Server, start: bytes, drop: bytes) -> tuple[bytes, float]:
    """Send one drop after another until the server has had enough: its answer, and how long."""
    started_at = time.monotonic()
    async with connection(server) as (reader, writer):
        writer.write(start)
        reading = asyncio.create_task(reader.read())
        while not reading.done():
            assert time.monotonic() - started_at < KEEP_ALIVE_S + BODY_TIMEOUT_S + LEEWAY_S
            writer.write(drop)
            await asyncio.sleep(0.05)
        try:
            return await reading, time.monotonic() - started_at
        except ConnectionError:
            return b"", time.monotonic() - started_at


async def test_a_body_that_trickles_is_cut_off_with_a_page(server: Server) -> None:
    start = post("/login", f"{FORM}Content-Length: 60000\r\n", b"username=")

    answer, _took_s = await trickle(server, start, b"a")

    assert answer.split()[1] == b"408"
    assert b"The connection was too slow." in answer
    assert 0 < SLOWEST_BODY_S <= 60


async def test_a_body_that_never_comes_is_cut_off_with_a_page(server: Server) -> None:
    request = post("/login", f"{FORM}Content-Length: 10\r\n", b"")

    status, page = await answer_to(server, request)

    assert status == 408
    assert b"The connection was too slow." in page


async def test_headers_that_trickle_are_cut_off(server: Server) -> None:
    answer, took_s = await trickle(server, b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X-A: b\r\n")

    assert answer == b""
    assert took_s < KEEP_ALIVE_S + LEEWAY_S


async def test_a_connection_that_says_nothing_is_closed(server: Server) -> None:
    async with connection(server) as (reader, _writer), asyncio.timeout(KEEP_ALIVE_S + LEEWAY_S):
        assert await reader.read() == b""


async def test_a_body_that_is_announced_too_large_is_413_unread(server: Server) -> None:
    request = post("/login", f"{FORM}Content-Length: {LARGEST_BODY_BYTES + 1}\r\n", b"a=b")

    status, page = await answer_to(server, request)

    assert status == 413
    assert b"This is too large for this site." in page


async def test_a_body_in_chunks_is_413_as_soon_as_it_is_too_large(server: Server) -> None:
    chunk = b"2000\r\n" + b"a" * 0x2000 + b"\r\n"
    start = post("/login", f"{FORM}Transfer-Encoding: chunked\r\n", b"")

    answer, _took_s = await trickle(server, start + chunk * 8, chunk)

    assert answer.split()[1] == b"413"
    assert b"This is too large for this site." in answer


async def test_a_small_body_in_chunks_is_read(server: Server) -> None:
    request = post("/login", f"{FORM}Transfer-Encoding: chunked\r\n", b"3\r\na=b\r\n0\r\n\r\n")

    status, _page = await answer_to(server, request)

    assert status == 400  # it has no token


async def test_a_hover_with_a_body_is_answered_without_waiting_for_it(server: Server) -> None:
    ada = server.browser()
    await ada.sign_in("ada")
    cookies = "; ".join(f"{name}={value}" for name, value in ada.cookies.items())
    request = f"GET /user/ada/popup HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n"

    status, page = await answer_to(server, f"{request}Content-Length: 100\r\n\r\n".encode())

    assert status == 200
    assert b"<article" in page


async def test_others_are_served_while_many_are_slow(server: Server) -> None:
    stuck = [await connect(server.port) for _ in range(200)]
    for _reader, writer in stuck:
        writer.write(post("/login", f"{FORM}Content-Length: 10\r\n", b""))

    started_at = time.monotonic()
    page = await server.browser().get("/healthz")
    took_s = time.monotonic() - started_at

    assert page.status == 200
    assert took_s < LEEWAY_S
    for _reader, writer in stuck:
        writer.close()


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /\xff HTTP/1.1",
        b"GET /?\xff HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET " + b"/" * 200_000 + b" HTTP/1.1",
        b"G\0T / HTTP/1.1",
    ],
)
async def test_what_is_no_http_is_refused(server: Server, request_line: bytes) -> None:
    status, _page = await answer_to(server, request_line + b"\r\nHost: localhost\r\n\r\n")

    assert 400 <= status < 500


@pytest.mark.parametrize(
    "header",
    [
        b"Cookie: a=\0b",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999999",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked",
        b"X-Large: " + b"x" * 200_000,
        b"Host: another",
        b"Host: " + b"x" * 64 + b".example",
        b"Cookie: sign-in=\xff",
    ],
)
async def test_headers_that_no_browser_sends_are_refused(server: Server, header: bytes) -> None:
    host = b"" if header.startswith(b"Host: x") else b"Host: localhost\r\n"
    request = b"POST /login HTTP/1.1\r\n" + host + header + b"\r\n\r\n"

    status, _page = await answer_to(server, request)

    assert 400 <= status < 500


async def test_after_all_this_the_server_is_well(server: Server) -> None:
    for garbage in (b"\0" * 1000, b"\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 500):
        async with connection(server) as (_reader, writer):
            writer.write(garbage)
    ada: Browser = server.browser()

    await ada.sign_in("ada")

    assert (await ada.get("/user/bo/popup")).status == 200
