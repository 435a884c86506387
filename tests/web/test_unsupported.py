"""What the outermost layers refuse, before any header is believed or walked through."""

import logging
from typing import Any

import pytest
from quart import Quart

from quart_popovers import create_app
from quart_popovers.settings import Settings
from quart_popovers.web.unsupported import LONGEST_TARGET_BYTES, MOST_HEADER_BYTES, MOST_HEADERS
from tests.web.asgi import exchange, http_scope

FORGED = [(b"host", b"localhost"), (b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"::1")]


async def status_of(app: Quart, **changes: object) -> int:
    start, *_ = await exchange(app, http_scope(**changes))
    return int(start["status"])


@pytest.mark.parametrize("version", ["2", "2.0", "3", "0.9"])
async def test_http_2_without_tls_is_refused_whatever_its_headers_say(
    settings: Settings, version: str
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxies": 1}))

    assert await status_of(app, http_version=version, path="/login", headers=FORGED) == 400


async def test_http_2_with_tls_is_served(app: Quart) -> None:
    assert await status_of(app, http_version="2", scheme="https", path="/healthz") == 200


@pytest.mark.parametrize("version", ["1.0", "1.1"])
async def test_http_1_is_served(app: Quart, version: str) -> None:
    assert await status_of(app, http_version=version, path="/healthz") == 200


@pytest.mark.parametrize("path", ["/", "/login", "/user/ada/popup"])
async def test_a_websocket_is_refused_with_a_response_and_one_line_in_the_log(
    app: Quart, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.INFO)
    scope = http_scope(path=path) | {
        "type": "websocket",
        "scheme": "ws",
        "extensions": {"websocket.http.response": {}},
    }
    del scope["method"]

    start, end = await exchange(app, scope)

    assert (start["type"], start["status"]) == ("websocket.http.response.start", 404)
    assert (end["type"], end["more_body"]) == ("websocket.http.response.body", False)
    assert b"no WebSocket" in end["body"]
    names = dict(start["headers"])
    assert names[b"x-content-type-options"] == b"nosniff"
    [record] = caplog.records
    assert f"method=WEBSOCKET path={path} status=404" in record.message
    assert f"id={names[b'x-request-id'].decode()} " in record.message


class CountedHeaders(list[tuple[bytes, bytes]]):
    """Headers that count how many of them were looked at."""

    seen = 0

    def __iter__(self) -> Any:
        for header in super().__iter__():
            self.seen += 1
            yield header


async def test_floods_of_headers_are_refused_before_anything_walks_through_them(
    settings: Settings,
) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxies": 1}))
    headers = CountedHeaders([(b"host", b"localhost"), *[(b"x", b"y")] * MOST_HEADERS])

    assert await status_of(app, path="/login", headers=headers) == 431
    assert headers.seen == 0


@pytest.mark.parametrize(
    ("number", "size", "status"),
    [
        (MOST_HEADERS, 10, 200),
        (2, MOST_HEADER_BYTES // 2 - 10, 200),
        (2, MOST_HEADER_BYTES // 2, 431),
    ],
)
async def test_headers_are_bounded_in_number_and_size(
    app: Quart, number: int, size: int, status: int
) -> None:
    headers = [(b"x", b"y" * size)] * number

    assert await status_of(app, path="/healthz", headers=headers) == status


@pytest.mark.parametrize(
    "target",
    [
        {"path": "/" + "a" * LONGEST_TARGET_BYTES},
        {"path": "/login", "query_string": b"next=/" + b"a" * LONGEST_TARGET_BYTES},
    ],
)
async def test_an_address_that_is_too_long_is_414(app: Quart, target: dict[str, object]) -> None:
    assert await status_of(app, **target) == 414


async def test_the_server_tells_the_site_when_it_starts_and_stops(app: Quart) -> None:
    """Events of the lifespan pass all layers."""
    events = [{"type": "lifespan.shutdown"}]

    sent = await exchange(app, {"type": "lifespan", "asgi": {}, "state": {}}, events)

    assert sent == [{"type": "lifespan.shutdown.complete"}]
