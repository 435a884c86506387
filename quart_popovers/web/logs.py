"""The request log: one line per request on standard output, with the id of its answer."""

import logging
import sys
from secrets import token_hex
from time import perf_counter
from typing import Any
from urllib.parse import quote

from hypercorn.typing import (
    ASGIFramework,
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
    WebsocketScope,
)

from ..settings import Settings
from .plain_answers import RESPONSE_STARTS

log = logging.getLogger("quart_popovers.requests")

# The longest registered method has 17 letters; no path of this site is longer than 255.
LONGEST_METHOD = 20
LONGEST_PATH = 255


def configure_logging(settings: Settings) -> None:
    """Send our log to standard output, once per process."""
    ours = logging.getLogger("quart_popovers")
    ours.setLevel(settings.log_level)
    if not ours.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        ours.addHandler(handler)
    # At DEBUG it logs every statement with its values: email addresses, hashes, comments.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    # At INFO it logs the addresses of Gravatars, which hold hashes of email addresses.
    logging.getLogger("httpx").setLevel(logging.WARNING)


class LogRequests:
    """Logs one line per response, including those that Quart or another layer makes itself."""

    def __init__(self, app: ASGIFramework) -> None:
        self._app = app

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id, started_at = token_hex(8), perf_counter()

        async def send_and_log(event: Any) -> None:
            if event["type"] in RESPONSE_STARTS:
                event["headers"] = [*event["headers"], (b"x-request-id", request_id.encode())]
                if log.isEnabledFor(logging.INFO):
                    log_line(request_id, scope, event["status"], perf_counter() - started_at)
            await send(event)

        await self._app(scope, receive, send_and_log)


def log_line(
    request_id: str, scope: HTTPScope | WebsocketScope, status: int, seconds: float
) -> None:
    """Log method and path quoted and cut, so that no client writes lines of its own or long ones.

    The query is left out, since secrets end up in it by mistake.
    """
    method = scope["method"] if scope["type"] == "http" else "WEBSOCKET"
    log.info(
        "id=%s method=%s path=%s status=%d ms=%.1f",
        request_id,
        quote(method[:LONGEST_METHOD]),
        quote(scope["path"][:LONGEST_PATH]),
        status,
        seconds * 1000,
    )
