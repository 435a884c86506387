"""HTTP/2 needs TLS: without it no request leads there, and with it hovers work."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.serving.raw import send_raw, status_of
from tests.serving.server import Server

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


async def test_with_tls_pages_and_hovers_are_answered_by_http_2(site_with_tls: Server) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
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
