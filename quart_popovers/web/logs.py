"""One line a request on standard output, with an id that the answer carries too."""

import logging
import sys
from secrets import token_hex
from time import perf_counter
from urllib.parse import quote

from hypercorn.typing import (
    ASGIFramework,
    ASGIReceiveCallable,
    ASGISendCallable,
    ASGISendEvent,
    HTTPScope,
    Scope,
)

from ..settings import Settings

log = logging.getLogger("quart_popovers.requests")

# No path of this site is longer.
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


class LogRequests:
    """Logs one line per response, including those that Quart or another layer makes itself."""

    def __init__(self, app: ASGIFramework) -> None:
        self._app = app

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, started_at = token_hex(8), perf_counter()

        async def send_and_log(event: ASGISendEvent) -> None:
            if event["type"] == "http.response.start":
                event["headers"] = [*event["headers"], (b"x-request-id", request_id.encode())]
                if log.isEnabledFor(logging.INFO):
                    log_line(request_id, scope, event["status"], perf_counter() - started_at)
            await send(event)

        await self._app(scope, receive, send_and_log)


def log_line(request_id: str, scope: HTTPScope, status: int, seconds: float) -> None:
    log.info(
        # The path is quoted, so that nobody writes a line of their own into the log, and cut, so
        # that nobody fills it; the query is left out, since secrets end up in it by mistake.
        "id=%s method=%s path=%s status=%d ms=%.1f",
        request_id,
        scope["method"],
        quote(scope["path"][:LONGEST_PATH]),
        status,
        seconds * 1000,
    )
