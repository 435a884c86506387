"""A server in Gravatar's place, which answers as a test wants."""

import asyncio
from typing import Self

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc0f01f00050001ff56c7d9c10000000049454e44ae426082"
)


def response(status: int, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class GravatarServer:
    """Answers every request alike, once its gate is open."""

    def __init__(self) -> None:
        self.answer = response(200, PNG, "Content-Type: image/png")
        self.closes = False  # the connection, after each answer
        self.requests: list[str] = []
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/avatar/"
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        self.gate.set()
        await self._server.wait_closed()

    async def stop(self) -> None:
        """Refuse connections from now on."""
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                self.requests.append(request.decode())
                self.asked.set()
                await self.gate.wait()
                writer.write(self.answer)
                await writer.drain()
                if self.closes:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has closed the connection
        finally:
            writer.close()
