"""What Gravatar is asked, and what is taken from its answers."""

import gzip
from collections.abc import AsyncIterator

import pytest

from quart_popovers.avatars import client as fetching
from quart_popovers.avatars.client import GravatarAway, GravatarClient
from quart_popovers.avatars.store import LARGEST_BYTES
from tests.avatars.gravatar_server import PNG, GravatarServer, response

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
CHUNKS = b"%x\r\n%b\r\n" % (LARGEST_BYTES + 1, PNG.ljust(LARGEST_BYTES + 1))


@pytest.fixture
async def client(gravatar: GravatarServer) -> AsyncIterator[GravatarClient]:
    client = GravatarClient(gravatar.url)
    yield client
    await client.close()


async def test_a_picture_is_fetched_whole(client: GravatarClient) -> None:
    assert await client.fetch("0123abcd") == PNG


async def test_gravatar_learns_the_hash_and_nothing_else(
    client: GravatarClient, gravatar: GravatarServer
) -> None:
    await client.fetch("0123abcd")

    [request] = gravatar.requests
    first_line, *headers = request.strip().split("\r\n")
    assert first_line == "GET /avatar/0123abcd?s=160&d=404 HTTP/1.1"
    sent = dict(header.lower().split(": ") for header in headers)
    assert sent.keys() == {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert sent["accept-encoding"] == "identity"


async def test_a_person_without_a_picture_has_none(
    client: GravatarClient, gravatar: GravatarServer
) -> None:
    gravatar.answer = response(404, b"404 Not Found", "Content-Type: text/plain")

    assert await client.fetch("0123abcd") == b""


@pytest.mark.parametrize(
    "answer",
    [
        response(200, HTML, "Content-Type: image/png"),
        response(200, SVG, "Content-Type: image/svg+xml"),
        response(200, b"", "Content-Type: image/png"),
        response(200, PNG.ljust(LARGEST_BYTES + 1), "Content-Type: image/png"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        response(200, gzip.compress(PNG), "Content-Encoding: gzip"),
    ],
    ids=["HTML as PNG", "SVG", "empty", "too large", "too large in chunks", "compressed"],
)
async def test_what_is_no_small_raster_image_is_no_picture(
    client: GravatarClient, gravatar: GravatarServer, answer: bytes
) -> None:
    gravatar.answer = answer

    assert await client.fetch("0123abcd") == b""


@pytest.mark.parametrize(
    "answer",
    [
        response(302, b"", "Location: /elsewhere"),
        response(429),
        response(500),
        b"\x00\xffgarbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\x89PNG",
    ],
    ids=["redirect", "too many requests", "server error", "garbage", "cut off"],
)
async def test_any_other_answer_means_that_gravatar_is_away(
    client: GravatarClient, gravatar: GravatarServer, answer: bytes
) -> None:
    gravatar.answer, gravatar.closes = answer, True

    with pytest.raises(GravatarAway):
        await client.fetch("0123abcd")

    assert not [request for request in gravatar.requests if "elsewhere" in request]


async def test_a_refused_connection_means_that_gravatar_is_away(
    client: GravatarClient, gravatar: GravatarServer
) -> None:
    await gravatar.stop()

    with pytest.raises(GravatarAway):
        await client.fetch("0123abcd")


async def test_a_slow_answer_means_that_gravatar_is_away(
    client: GravatarClient, gravatar: GravatarServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.fetch("0123abcd")
    monkeypatch.setattr(fetching, "FETCH_WITHIN_S", 0)
    gravatar.gate.clear()

    with pytest.raises(GravatarAway):
        await client.fetch("0123abcd")
