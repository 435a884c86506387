"""Response headers that keep pages safe and caches honest."""

from quart import Quart, Response

from ..settings import Settings

GRAVATAR = "https://www.gravatar.com"

# Source: OWASP HTTP Headers Cheat Sheet.
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"


def content_security_policy(settings: Settings) -> str:
    images = f"'self' {GRAVATAR}" if settings.avatars == "gravatar" else "'self'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src {images}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def set_headers_on_every_answer(app: Quart, settings: Settings) -> None:
    headers = FIXED | {"Content-Security-Policy": content_security_policy(settings)}
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = HSTS

    @app.after_request
    async def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        if "Cache-Control" not in response.headers:
            # Pages are somebody's own: a browser may keep one, but asks before showing it again.
            response.headers["Cache-Control"] = "private, no-cache"
        return response
