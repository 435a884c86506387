"""A person's browser over real connections: one a request, as many at once as a test wants."""

import asyncio
from urllib.parse import urlencode

from tests.visitor import PASSWORD, Page


class Unanswered(Exception):
    """No answer, or not a whole one: what a browser shows as a connection that failed."""


class Refused(Unanswered):
    """Nobody listened: the request never left."""


class Browser:
    """Gets pages and sends forms to a port of this machine; keeps its cookies."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies = dict(cookies or {})

    def another(self, port: int | None = None) -> "Browser":
        """A second browser of the same person."""
        return Browser(port or self.port, self.cookies)

    async def get(self, path: str) -> Page:
        return await self.send("GET", path)

    async def post(self, path: str, /, **fields: str) -> Page:
        return await self.send("POST", path, urlencode(fields).encode())

    async def sign_in(self, username: str, password: str = PASSWORD) -> None:
        token = (await self.get("/login")).csrf_token
        page = await self.post("/login", csrf_token=token, username=username, password=password)
        assert page.status == 303, page.text

    async def send(self, method: str, path: str, body: bytes = b"") -> Page:
        """Raises Unanswered; a status is an answer, whatever it is."""
        reader, writer = await connect(self.port)
        try:
            writer.write(self._request(method, path, body))
            await writer.drain()
            answer = await reader.read()
        except OSError as error:
            raise Unanswered(str(error)) from error
        finally:
            writer.close()
        return self._page(answer)

    async def send_and_leave(
        self, path: str, /, until: asyncio.Event | None = None, **fields: str
    ) -> None:
        """Send a form, and close the connection without reading: at once, or after an event."""
        _reader, writer = await connect(self.port)
        writer.write(self._request("POST", path, urlencode(fields).encode()))
        await writer.drain()
        if until:
            await until.wait()
        writer.transport.abort()

    def _request(self, method: str, path: str, body: bytes = b"") -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if method == "POST":
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _page(self, answer: bytes) -> Page:
        head, end, body = answer.partition(b"\r\n\r\n")
        if not end:
            raise Unanswered(f"{len(answer)} bytes of an answer")
        status, *lines = head.decode().split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        if len(body) < int(headers.get("content-length", 0)):
            raise Unanswered("half an answer")
        return Page(int(status.split()[1]), body.decode(), headers.get("location"), headers)


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        return await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        raise Refused(str(error)) from error
