"""Keeps Hypercorn from changing to HTTP/2 without TLS ("h2c"), for which it has no setting.

Hypercorn 0.18 changes the protocol before the application sees the request: for `Upgrade: h2c`,
and for a connection that begins with HTTP/2 ("prior knowledge"). The application can refuse each
request of it (`web/unsupported.py`), but some never arrive: `CONNECT` with `Upgrade: h2c` blocks
its connection for ever, and a damaged `HTTP2-Settings` header is a traceback in the log.
"""

from h11 import Request
from hypercorn.protocol.h11 import H11Protocol


def ignore_h2c() -> None:
    """Serve such requests as HTTP/1.1, as RFC 9110, section 7.8, allows; for the whole process."""
    H11Protocol._check_protocol = _stay_with_http_1  # type: ignore[method-assign, assignment]


async def _stay_with_http_1(_self: H11Protocol, _request: Request) -> None:
    pass
