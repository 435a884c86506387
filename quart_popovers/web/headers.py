"""Security headers, and the default of Cache-Control."""

from hypercorn.typing import (
    ASGIFramework,
    ASGIReceiveCallable,
    ASGISendCallable,
    ASGISendEvent,
    Scope,
)

from ..settings import Settings
from .popups import is_popup

GRAVATAR = "https://www.gravatar.com"

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
PRIVATE = (b"cache-control", b"private, no-cache")

# A fragment opens no window and asks for no camera, and each header costs a hover 2 µs.
ONLY_FOR_PAGES = {
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
}


def content_security_policy(settings: Settings) -> str:
    images = f"'self' {GRAVATAR}" if settings.avatars == "gravatar" else "'self'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src {images}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


class AddHeaders:
    """Adds the headers to every response; they are encoded once, not per request."""

    def __init__(self, app: ASGIFramework, settings: Settings) -> None:
        self._app = app
        headers = FIXED | {"content-security-policy": content_security_policy(settings)}
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
        async def send_with_headers(event: ASGISendEvent) -> None:
            if event["type"] == "http.response.start":
                given = list(event["headers"])
                if not any(name == b"cache-control" for name, _value in given):
                    given.append(PRIVATE)
                is_fragment = scope["type"] == "http" and is_popup(scope["path"])
                event["headers"] = given + (self._for_fragments if is_fragment else self._for_pages)
            await send(event)

        await self._app(scope, receive, send_with_headers)


def _encode(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
