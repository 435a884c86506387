"""Clients that read nothing, or disconnect with requests waiting, leave nothing behind."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.serving.server import Server

SITE = "tests.serving.stalling_site:create_stalling_site()"
STATIC_FILE = "/static/x/site.css"
CLIENTS = 4
REQUESTS = 5_000
SMALL_BUFFER_BYTES = 2048  # so that a few answers fill it


@asynccontextmanager
async def clients_that_read_nothing(server: Server, path: str) -> AsyncIterator[None]:
    """Each asks for more than all buffers on the way hold; at the end all disconnect."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    sockets = [socket.socket() for _ in range(CLIENTS)]
    loop = asyncio.get_running_loop()
    try:
        for client in sockets:
            client.setblocking(False)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
            await loop.sock_connect(client, ("127.0.0.1", server.port))
        sending = [
            loop.create_task(loop.sock_sendall(client, request * REQUESTS)) for client in sockets
        ]
        yield
    finally:
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        for client in sockets:
            client.close()


async def stop(server: Server) -> None:
    """Hypercorn cancels what lasts longer than `graceful_timeout`, with tracebacks."""
    server.send_signal(signal.SIGTERM)
    assert await server.wait() == 0
    assert server.ended_without_a_traceback(), server.log


async def until_all_have_an_answer(server: Server) -> None:
    async with asyncio.timeout(60):
        while server.log.count(" method=GET ") < CLIENTS:
            await asyncio.sleep(0.02)


async def test_clients_that_read_nothing_are_disconnected(sqlite_url: str, tmp_path: Path) -> None:
    async with Server(sqlite_url, tmp_path, site=SITE) as server:
        before = server.open_sockets()

        async with clients_that_read_nothing(server, STATIC_FILE):
            await until_all_have_an_answer(server)
            await server.until_open_sockets_are(before)
            await stop(server)


async def test_a_stop_does_not_wait_for_clients_that_read_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    server = Server(sqlite_url, tmp_path, site=SITE)
    async with server, clients_that_read_nothing(server, STATIC_FILE):
        await until_all_have_an_answer(server)

        await stop(server)


# A hover and a refusal are sent by other parts of the site.
@pytest.mark.parametrize("path", [STATIC_FILE, "/user/x/popup", "none:"])
async def test_clients_that_disconnect_leave_no_waiting_requests_behind(
    sqlite_url: str, tmp_path: Path, path: str
) -> None:
    async with Server(sqlite_url, tmp_path) as server:
        before = server.open_sockets()
        async with clients_that_read_nothing(server, path):
            await until_all_have_an_answer(server)
        await server.until_open_sockets_are(before)

        await stop(server)
