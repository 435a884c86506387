"""HTTP/2 needs TLS: without it no request leads there; with it hovers work, and nothing breaks."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import httpx
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import Event

from tests.serving.raw import send_raw, status_of
from tests.serving.server import GIVE_UP_S, Server

PROTOCOL_ERROR = ErrorCodes.PROTOCOL_ERROR
SETTINGS = {"good": "AAMAAABkAAQAAP__", "damaged": "AAQ", "none": "", "no base64": "!!!"}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("CONNECT", 405)])
async def test_an_upgrade_to_http_2_is_answered_by_http_1(
    two_workers: Server, method: str, status: int, settings: str
) -> None:
    before = two_workers.open_sockets()
    upgrade = f"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: {settings}"
    request = f"{method} /login HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n\r\n".encode()

    answers = await asyncio.gather(*(send_raw(two_workers.port, request) for _ in range(20)))

    assert set(map(status_of, answers)) == {status}
    await two_workers.until_open_sockets_are(before)


async def test_a_connection_that_begins_with_http_2_is_refused(two_workers: Server) -> None:
    head = await send_raw(two_workers.port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

    assert status_of(head) == 400


@pytest.fixture
async def site_with_tls(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make_certificate(key, certificate)
    server = Server(sqlite_url, tmp_path)
    server.command[3:3] = ["--keyfile", str(key), "--certfile", str(certificate)]
    async with server:
        yield server
        assert server.ended_without_a_traceback(), server.log


def make_certificate(key: Path, certificate: Path) -> None:
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run(
        [*new, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )


def trusting_anybody() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def test_with_tls_pages_and_hovers_are_answered_by_http_2(site_with_tls: Server) -> None:
    context = trusting_anybody()
    site = f"https://127.0.0.1:{site_with_tls.port}"
    async with httpx.AsyncClient(base_url=site, http2=True, verify=context) as client:
        answers = await asyncio.gather(
            *(client.get(path) for path in ("/login", "/user/x/popup") for _ in range(20))
        )
        posted = await client.post("/login", data={"username": "x" * 1000})

    assert {it.http_version for it in [*answers, posted]} == {"HTTP/2"}
    assert {(it.url.path, it.status_code) for it in answers} == {
        ("/login", 200),
        ("/user/x/popup", 401),
    }
    assert posted.status_code == 400


def send_headers(http: H2Connection, **changed: str) -> None:
    headers = {"method": "GET", "scheme": "https", "path": "/login", "authority": "localhost"}
    fields = [(f":{name}", value) for name, value in (headers | changed).items() if value]
    http.send_headers(
        http.get_next_available_stream_id(),
        [(name.encode(), value.encode("latin1")) for name, value in fields],
        end_stream=True,
    )


def send_streams_that_are_reset(http: H2Connection) -> None:
    for _ in range(1_100):
        stream_id = http.get_next_available_stream_id()
        send_headers(http, path="/user/x/popup")
        http.reset_stream(stream_id)


def send_priorities_of_no_streams(http: H2Connection) -> None:
    for number in range(1_100):
        http.prioritize(2 * number + 1)


BROKEN: dict[str, Callable[[H2Connection], None]] = {
    "method that is not ASCII": partial(send_headers, method="\xff"),
    "path that is not ASCII": partial(send_headers, path="/\xff"),
    "CONNECT without a path": partial(send_headers, method="CONNECT", path="", scheme=""),
    "streams that are reset": send_streams_that_are_reset,
    "priorities of no streams": send_priorities_of_no_streams,
}


async def end_of_connection(port: int, send: Callable[[H2Connection], None]) -> Event:
    """The last thing that the server says after this was sent."""
    http = H2Connection(H2Configuration(validate_outbound_headers=False))
    http.initiate_connection()
    send(http)
    context = trusting_anybody()
    context.set_alpn_protocols(["h2"])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    events: list[Event] = []
    writer.write(http.data_to_send())
    async with asyncio.timeout(GIVE_UP_S):
        while data := await reader.read(65_536):
            events += http.receive_data(data)
    writer.close()
    return events[-1]


async def test_broken_http_2_closes_its_connection_and_leaves_no_traceback(
    site_with_tls: Server,
) -> None:
    before = site_with_tls.open_sockets()

    ends = {name: await end_of_connection(site_with_tls.port, it) for name, it in BROKEN.items()}

    assert {
        name for name, end in ends.items() if getattr(end, "error_code", 0) == PROTOCOL_ERROR
    } == set(BROKEN)
    await site_with_tls.until_open_sockets_are(before)
    assert site_with_tls.ended_without_a_traceback(), site_with_tls.log
