"""Serve the pictures that this site draws."""

import re

from quart import Blueprint, Response
from werkzeug.exceptions import NotFound

from .identicon import draw_identicon

blueprint = Blueprint("avatars", __name__)

# A year, and never asked again: another picture has another address.
CACHE_CONTROL = "public, max-age=31536000, immutable"


@blueprint.get("/avatars/<key>.svg")
async def show(key: str) -> Response:
    """An identicon; it needs no sign-in, since the key tells nothing."""
    if not re.fullmatch("[0-9a-f]{32}", key):
        raise NotFound()
    return Response(
        draw_identicon(key),
        content_type="image/svg+xml",
        headers={"Cache-Control": CACHE_CONTROL},
    )
