"""Where a request comes from: the connection, unless named proxies are known to stand in between.

Hypercorn's own ProxyFixMiddleware copies the whole scope deeply (25 µs a request; this takes 7),
and takes whatever text stands in the header for an address.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import cast

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from quart import Quart, request

from ..settings import Settings

# What one household or rented server has of IPv6, all of it as easily used as one address.
IPV6_NETWORK_BITS = 64

Header = tuple[bytes, bytes]


def believe_trusted_proxies(app: Quart, settings: Settings) -> None:
    """Take address, scheme and host from `X-Forwarded-*`, as the outermost trusted proxy saw them.

    Each proxy appends what it saw, so of N trusted ones the Nth value from the right is the first
    that a visitor could not write. Source: werkzeug.middleware.proxy_fix.
    """
    hops = settings.trusted_proxies
    if not hops:
        return
    answer = app.asgi_app

    async def answer_for_the_visitor(
        scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "http":
            seen = {**scope, **_forwarded(scope["headers"], hops)}
            scope = cast("HTTPScope", seen)
        await answer(scope, receive, send)

    app.asgi_app = answer_for_the_visitor  # type: ignore[method-assign]  # how Quart wraps itself


def _forwarded(given: Iterable[Header], hops: int) -> dict[str, object]:
    headers = list(given)
    changes: dict[str, object] = {}
    if address := _parse(_trusted(b"x-forwarded-for", headers, hops)):
        changes["client"] = (str(address), 0)
    scheme = _trusted(b"x-forwarded-proto", headers, hops)
    if scheme in {"http", "https"}:
        changes["scheme"] = scheme
    # A proxy that sets no host passes on what a visitor wrote, which is no more than what a
    # visitor may write as Host: it names no page of ours, and a foreign page can set neither.
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
    """Whom to count by address: an IPv4 address, or the network that an IPv6 address is in."""
    client = request.scope.get("client")
    address = _parse(client[0] if client else "")
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        network = int(address) >> (128 - IPV6_NETWORK_BITS) << (128 - IPV6_NETWORK_BITS)
        return str(IPv6Address(network))
    return str(address)
