"""Serves people's pictures, and nothing that could act as a page."""

from quart import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from ..services import services
from .addresses import DRAWN, split_key
from .identicon import draw_identicon

blueprint = Blueprint("avatars", __name__)

DAY_S = 24 * 3600
# A drawn picture that stands in for one that is being fetched.
STAND_IN_S = 60
SVG = "image/svg+xml"
# For an SVG that is opened as a document, and for whatever a browser takes the others for.
POLICY = "default-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox"


@blueprint.get("/avatars/<key>.svg")
async def show(key: str) -> Response:
    """A person's picture. It needs no sign-in, since its address cannot be guessed."""
    found = split_key(key)
    if found is None:
        raise NotFound()
    user_id, mac = found
    drawn = draw_identicon(mac).encode()
    version, gravatars = request.args.get("v"), services().gravatars
    if gravatars is None or version == DRAWN:
        return await _answer(drawn, SVG, DAY_S)
    stored = await gravatars.find(user_id, version or "")
    if stored is None:
        return await _answer(drawn, SVG, STAND_IN_S)
    if stored.media_type is None:
        return await _answer(drawn, SVG, DAY_S)
    return await _answer(stored.content, stored.media_type, DAY_S)


async def _answer(content: bytes, content_type: str, max_age_s: int) -> Response:
    headers = {
        "Cache-Control": f"public, max-age={max_age_s}",
        "Content-Security-Policy": POLICY,
    }
    response = Response(content, content_type=content_type, headers=headers)
    await response.add_etag()
    await response.make_conditional(request)
    return response
