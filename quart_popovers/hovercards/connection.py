"""The short way of a hover through Quart: no tasks, no hooks, a response that is in memory."""

from typing import Any

from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable
from quart import Request, Response
from quart.asgi import ASGIHTTPConnection
from quart.typing import ResponseTypes
from quart.utils import encode_headers
from quart.wrappers.response import DataBody

from ..web.popups import is_popup


class HoverConnection(ASGIHTTPConnection):
    """Answers popups in one task and two messages, and everything else as Quart does.

    Quart starts two tasks per request, so that a body can arrive and a disconnect can end a
    stream while the view runs, and it sends three messages. A popup is no stream and ignores a
    body, which `web/unread_bodies.py` receives. It opens no session, sets no cookie and changes
    nothing, so hooks and signals are left out, except for errors. docs/performance.md says what
    each step gains.
    """

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if not self._is_hover():
            await super().__call__(receive, send)
            return
        request = self._create_request_from_scope(send)
        request.body.set_complete()
        response = await self._answer(request)
        await self._send(send, response)

    def _is_hover(self) -> bool:
        return self.scope["method"] == "GET" and is_popup(self.scope["path"])

    async def _answer(self, request: Request) -> ResponseTypes:
        async with self.app.request_context(request) as context:
            try:
                try:
                    return await self.app.make_response(await self.app.dispatch_request(context))
                except Exception as error:
                    result = await self.app.handle_user_exception(error)
                    return await self.app.finalize_request(result, context)
            except Exception as error:
                return await self.app.handle_exception(error)

    async def _send(self, send: ASGISendCallable, response: ResponseTypes) -> None:
        if isinstance(response, Response) and isinstance(response.response, DataBody):
            await send(_start(response))
            body = response.response.data
            await send({"type": "http.response.body", "body": body, "more_body": False})
        else:  # such as an HTTPException that brings a response of its own
            await self._send_response(send, response)


def _start(response: Response) -> Any:
    headers = encode_headers(response.headers)
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}
