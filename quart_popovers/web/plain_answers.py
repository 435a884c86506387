"""Answers made before there is a Quart request: one sentence, without the look of the site."""

from typing import Any

from hypercorn.typing import ASGISendCallable, Scope

RESPONSE_STARTS = {"http.response.start", "websocket.http.response.start"}
PAGE = "<!doctype html><title>{reason}</title><p>{reason}</p>\n"


async def answer_plainly(scope: Scope, send: ASGISendCallable, status: int, reason: str) -> None:
    """Answer an HTTP request, or refuse a WebSocket handshake with an HTTP response.

    Source: ASGI, extension "WebSocket Denial Response".
    """
    body = PAGE.format(reason=reason).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    answer = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    start: Any = {"type": f"{answer}.start", "status": status, "headers": headers}
    end: Any = {"type": f"{answer}.body", "body": body, "more_body": False}
    await send(start)
    await send(end)
