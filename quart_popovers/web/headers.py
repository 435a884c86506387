"""Security headers, and the default of Cache-Control."""

import re
from typing import Any

from hypercorn.typing import ASGIFramework, ASGIReceiveCallable, ASGISendCallable, Scope

from ..settings import Settings
from .plain_answers import RESPONSE_STARTS
from .popups import is_popup

# Source: OWASP HTTP Headers Cheat Sheet.
FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"

# Pages are personal: a browser may store one, but revalidates before showing it again.
PRIVATE = "private, no-cache"
# Pages with the email address or the sessions of their reader are not even stored.
NO_STORE = "private, no-store"
ACCOUNT_PAGES = re.compile(r"/account(/.*)?")

# A fragment opens no window and asks for no camera, and each header costs a hover 2 µs.
ONLY_FOR_PAGES = {
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
}


CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class AddHeaders:
    """Adds the headers to every response that does not have its own of the same name.

    They are encoded once, not per request.
    """

    def __init__(self, app: ASGIFramework, settings: Settings) -> None:
        self._app = app
        headers = FIXED | {"content-security-policy": CONTENT_SECURITY_POLICY}
        if settings.secure_cookies:
            headers["strict-transport-security"] = HSTS
        self._for_pages = _encode(headers)
        self._for_fragments = _encode(
            {name: value for name, value in headers.items() if name not in ONLY_FOR_PAGES}
            | {"content-security-policy": "default-src 'none'; frame-ancestors 'none'"}
        )

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(event: Any) -> None:
            if event["type"] in RESPONSE_STARTS:
                given = list(event["headers"])
                names = {name for name, _value in given}
                path = scope["path"]
                if b"cache-control" not in names:
                    value = NO_STORE if ACCOUNT_PAGES.fullmatch(path) else PRIVATE
                    given.append((b"cache-control", value.encode()))
                fixed = self._for_fragments if is_popup(path) else self._for_pages
                event["headers"] = given + [it for it in fixed if it[0] not in names]
            await send(event)

        await self._app(scope, receive, send_with_headers)


def _encode(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
