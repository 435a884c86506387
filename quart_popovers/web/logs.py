"""One line a request on standard output, with an id that the answer carries too."""

import logging
import sys
from secrets import token_hex
from time import perf_counter
from urllib.parse import quote

from quart import Quart, Response, g, request

from ..settings import Settings

log = logging.getLogger("quart_popovers.requests")


def log_requests(app: Quart, settings: Settings) -> None:
    logging.basicConfig(
        stream=sys.stdout,
        level=settings.log_level,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )

    @app.before_request
    async def start_clock() -> None:
        g.request_id = token_hex(8)
        g.started_at = perf_counter()

    @app.after_request
    async def write_line(response: Response) -> Response:
        if "request_id" not in g:  # refused before it began
            return response
        response.headers["X-Request-ID"] = g.request_id
        log.info(
            # The path is quoted, so that nobody writes a line of their own into the log; the
            # query is left out, since it is the place where secrets end up by mistake.
            "id=%s method=%s path=%s status=%d ms=%.1f",
            g.request_id,
            request.method,
            quote(request.path),
            response.status_code,
            (perf_counter() - g.started_at) * 1000,
        )
        return response
