"""Requests byte by byte over a real connection, for what no HTTP client would send."""

import asyncio

from tests.serving.browser import connect
from tests.serving.server import GIVE_UP_S

HEAD_END = b"\r\n\r\n"


async def send_raw(port: int, request: bytes) -> bytes:
    """The head of the first answer; the connection is then closed, whatever else comes."""
    reader, writer = await connect(port)
    try:
        writer.write(request)
        async with asyncio.timeout(GIVE_UP_S):
            return await reader.readuntil(HEAD_END)
    finally:
        writer.close()


def status_of(head: bytes) -> int:
    version, status, *_ = head.split()
    assert version == b"HTTP/1.1"
    return int(status)
