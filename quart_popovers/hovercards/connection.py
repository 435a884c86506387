"""A hover's way through Quart: straight to the view, and back with an answer ready in memory."""

import asyncio
from typing import Any, cast

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable
from quart import Request, Response
from quart.asgi import ASGIHTTPConnection
from quart.utils import encode_headers
from quart.wrappers.response import DataBody

# A browser that asks and then does not read is let go after this time.
SEND_WITHIN_S = 10


class HoverConnection(ASGIHTTPConnection):
    """Answers popups in one task and two messages; everything else as Quart does.

    Quart starts two tasks a request, so that a body can arrive and a disconnect can end a stream
    while the view runs, one more to bound the sending, and sends three messages. A popup has no
    body and is no stream. Nor has it anything before or after its view: it opens no session, sets
    no cookie and changes nothing, so hooks and signals are left out. An error takes the long way.
    What each step gains stands in docs/performance.md.
    """

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if not self._is_hover():
            await super().__call__(receive, send)
            return
        request = self._create_request_from_scope(send)
        request.body.set_complete()
        response = await self._answer(request)
        async with asyncio.timeout(SEND_WITHIN_S):
            await send(_start(response))
            await send({"type": "http.response.body", "body": _body(response), "more_body": False})

    def _is_hover(self) -> bool:
        return self.scope["method"] == "GET" and self.scope["path"].endswith("/popup")

    async def _answer(self, request: Request) -> Response:
        async with self.app.request_context(request) as context:
            try:
                try:
                    return cast("Response", await self.app.dispatch_request(context))
                except Exception as error:
                    result = await self.app.handle_user_exception(error)
                    return cast("Response", await self.app.finalize_request(result, context))
            except Exception as error:
                return cast("Response", await self.app.handle_exception(error))


def _start(response: Response) -> Any:
    headers = encode_headers(response.headers)
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}


def _body(response: Response) -> bytes:
    if not isinstance(response.response, DataBody):
        raise TypeError("the answer to a hover is ready in memory")
    return response.response.data
