"""A hover's way through Quart: nothing to receive, and an answer that is ready in memory."""

import asyncio
from typing import Any

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable
from quart import Response
from quart.asgi import ASGIHTTPConnection
from quart.utils import encode_headers

# A browser that asks and then does not read is let go after this time.
SEND_WITHIN_S = 10


class HoverConnection(ASGIHTTPConnection):
    """Answers popups in one task and two messages; everything else as Quart does.

    Quart starts two tasks a request, so that a body can arrive and a disconnect can end a stream
    while the view runs, one more to bound the sending, and sends three messages. A popup has no
    body and no stream: without all that it takes a quarter less time (docs/performance.md).
    """

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if not self._is_hover():
            await super().__call__(receive, send)
            return
        request = self._create_request_from_scope(send)
        request.body.set_complete()
        response = await self.app.handle_request(request)
        if not isinstance(response, Response):
            raise TypeError("a popup answers with a response of Quart's")
        body = await response.get_data(as_text=False)
        async with asyncio.timeout(SEND_WITHIN_S):
            await send(_start(response))
            await send({"type": "http.response.body", "body": body, "more_body": False})

    def _is_hover(self) -> bool:
        return self.scope["method"] == "GET" and self.scope["path"].endswith("/popup")


def _start(response: Response) -> Any:
    headers = encode_headers(response.headers)
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}
