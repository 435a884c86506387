"""Attacks on a running site: each asks so often, many requests at once, from one process."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress

from tests.serving.browser import Browser, Unanswered, connect
from tests.serving.raw import send_raw

AT_ONCE = 32

# Repeated labels that a pattern can divide in many ways, as long as a comment may be.
SLOW_LINKS = [("xn--w." * 24)[:140], ("http://a." + "xn--www." * 20)[:140]]
# Some 62,000 bytes that take long to normalise or to count.
MARKS = ("\u0301\u0316" * 15_500).encode()
FLAGS = ("\U0001f1e6" * 15_500).encode()

CHUNKS = b"1\r\na\r\n" * 20
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS
UNREAD = [
    b"GET /user/x/popup HTTP/1.1\r\nHost: localhost\r\n" + CHUNKED,
    b"GET /login HTTP/1.1\r\nHost: a..b\r\n" + CHUNKED,
]
PIPELINE = b"GET /static/x/site.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20
WEBSOCKET = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

Step = Callable[[int], Awaitable[object]]
Attack = Callable[[int, int], Coroutine[object, object, None]]


async def repeat(step: Step, requests: int) -> None:
    """Take this step so often; what is refused or cut off does not stop an attacker."""
    numbers = iter(range(requests))

    async def client() -> None:
        for number in numbers:
            with suppress(Unanswered, OSError, asyncio.IncompleteReadError):
                await step(number)

    await asyncio.gather(*(client() for _ in range(AT_ONCE)))


async def slow_links(port: int, requests: int) -> None:
    """Post comments with links that are slow to find, and read them again and again."""
    reader = Browser(port)
    await reader.sign_in("ada")
    for body in SLOW_LINKS:
        token = (await reader.get("/")).csrf_token
        await reader.post("/", csrf_token=token, body=body)
    await repeat(lambda _number: reader.another().get("/"), requests)


async def slow_text(port: int, requests: int) -> None:
    """Send forms with text that is slow to normalise, with and without a valid token."""
    guest = Browser(port)
    token = (await guest.get("/register")).csrf_token.encode()
    forms = [
        ("/register", b"csrf_token=" + token + b"&email=" + MARKS),
        ("/register", b"csrf_token=" + token + b"&username=" + FLAGS),
        ("/", b"csrf_token=forged&body=" + MARKS),
    ]
    await repeat(lambda number: guest.another().send("POST", *forms[number % 3]), requests)


async def unread_bodies(port: int, requests: int) -> None:
    """Leave after the answer, in the middle of a body that it did not wait for."""
    await repeat(lambda number: send_raw(port, UNREAD[number % 2]), requests)


async def unread_answers(port: int, requests: int) -> None:
    """Ask for a file many times at once, read a little and disconnect."""

    async def ask(_number: int) -> None:
        reader, writer = await connect(port)
        writer.write(PIPELINE)
        await reader.readexactly(1)
        writer.transport.abort()

    await repeat(ask, requests)


async def websockets(port: int, requests: int) -> None:
    await repeat(lambda _number: send_raw(port, WEBSOCKET), requests)


async def sign_ins(port: int, requests: int) -> None:
    """Try passwords that are not the right one: hashing is slow."""
    guest = Browser(port)
    token = (await guest.get("/login")).csrf_token
    fields = {"csrf_token": token, "username": "ada"}
    await repeat(
        lambda number: guest.another().post("/login", **fields, password=f"guess {number}"),
        requests,
    )


ATTACKS: dict[str, Attack] = {
    "comments with slow links": slow_links,
    "forms with slow text": slow_text,
    "bodies after the answer": unread_bodies,
    "answers that nobody reads": unread_answers,
    "WebSocket handshakes": websockets,
    "flood of sign-ins": sign_ins,
}


def run_attack(name: str, port: int, requests: int) -> None:
    """For a process of its own, so that an attacker does not slow an honest visitor down."""
    os.nice(5)  # they share the machine with the site
    asyncio.run(ATTACKS[name](port, requests))
