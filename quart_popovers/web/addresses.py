"""The address of a client: the connection's, or the one that trusted proxies report.

Hypercorn's own ProxyFixMiddleware copies the whole scope deeply (25 µs a request; this takes 7),
and accepts any text as an address.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import cast

from hypercorn.typing import (
    ASGIFramework,
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
)
from quart import request

# The prefix that one household or rented server gets: all its addresses count as one client.
IPV6_NETWORK_BITS = 64

Header = tuple[bytes, bytes]


class ApplyForwardedHeaders:
    """Takes address, scheme and host from `X-Forwarded-*`, as the outermost trusted proxy saw them.

    Each proxy appends what it saw. With N trusted proxies, the Nth value from the right is the
    first one that a client cannot forge. Source: werkzeug.middleware.proxy_fix.
    """

    def __init__(self, app: ASGIFramework, trusted_proxies: int) -> None:
        self._app = app
        self._trusted_proxies = trusted_proxies

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "http":
            seen = {**scope, **_forwarded(scope["headers"], self._trusted_proxies)}
            scope = cast("HTTPScope", seen)
        await self._app(scope, receive, send)


def _forwarded(given: Iterable[Header], hops: int) -> dict[str, object]:
    headers = list(given)
    changes: dict[str, object] = {}
    if address := _parse(_trusted(b"x-forwarded-for", headers, hops)):
        changes["client"] = (str(address), 0)
    scheme = _trusted(b"x-forwarded-proto", headers, hops)
    if scheme in {"http", "https"}:
        changes["scheme"] = scheme
    # A proxy that sets no host passes on the client's own header. That gives the client nothing
    # that Host does not give, and pages of other sites can set neither.
    if host := _trusted(b"x-forwarded-host", headers, hops):
        others = [(name, value) for name, value in headers if name != b"host"]
        changes["headers"] = [*others, (b"host", host.encode())]
    return changes


def _trusted(name: bytes, headers: list[Header], hops: int) -> str:
    values = ",".join(value.decode("latin1") for key, value in headers if key.lower() == name)
    seen = [value.strip() for value in values.split(",")]
    return seen[-hops] if len(seen) >= hops else ""


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with or without a port: `192.0.2.1:443`, `[2001:db8::1]:443`."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return ip_address(text)
    except ValueError:
        return None


def client_network() -> str:
    """The key of per-address limits: an IPv4 address, or the network of an IPv6 address."""
    client = request.scope.get("client")
    address = _parse(client[0] if client else "")
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        network = int(address) >> (128 - IPV6_NETWORK_BITS) << (128 - IPV6_NETWORK_BITS)
        return str(IPv6Address(network))
    return str(address)
