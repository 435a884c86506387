"""Refuses requests that this site does not serve, by what the connection itself tells."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from hypercorn.typing import (
    ASGIFramework,
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
)

from .plain_answers import answer_plainly

# Browsers send some 20 headers. Each one costs several layers and Quart a few microseconds.
MOST_HEADERS = 100
MOST_HEADER_BYTES = 16 * 1024
# RFC 9110, section 4.1, recommends to support at least 8,000 octets.
LONGEST_TARGET_BYTES = 8 * 1024


class Refusal(NamedTuple):
    status: int
    reason: str


NO_WEBSOCKETS = Refusal(404, "There is no WebSocket at this address.")
NO_CLEARTEXT_HTTP2 = Refusal(400, "Without TLS, this site speaks HTTP/1.1 only.")
TARGET_TOO_LONG = Refusal(414, "This address is too long.")
TOO_MANY_HEADERS = Refusal(431, "The headers of this request are too many or too large.")


class RefuseUnsupported:
    """Refuses WebSockets, HTTP/2 without TLS, long addresses and floods of headers.

    It stands before the layer that applies forwarded headers. A proxy that passes on
    `Upgrade: h2c` opens a tunnel in which the client writes every header itself, including
    X-Forwarded-For ("h2c smuggling"). Nothing needs HTTP/2 without TLS.
    """

    def __init__(self, app: ASGIFramework) -> None:
        self._app = app

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "lifespan" or (refusal := _refusal(scope)) is None:
            await self._app(scope, receive, send)
        else:
            await answer_plainly(scope, send, *refusal)


def _refusal(scope: Scope) -> Refusal | None:
    if scope["type"] != "http":
        return NO_WEBSOCKETS
    if scope["scheme"] == "http" and scope["http_version"] not in {"1.0", "1.1"}:
        return NO_CLEARTEXT_HTTP2
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_TARGET_BYTES:
        return TARGET_TOO_LONG
    if has_too_many_headers(scope) or _header_bytes(scope) > MOST_HEADER_BYTES:
        return TOO_MANY_HEADERS
    return None


def has_too_many_headers(scope: HTTPScope) -> bool:
    """Whether there are more headers than anything should look at, without looking at them."""
    return len(cast("Sequence[object]", scope["headers"])) > MOST_HEADERS


def _header_bytes(scope: HTTPScope) -> int:
    return sum(len(name) + len(value) for name, value in scope["headers"])
