"""The popup endpoint: answers a hover at the speed of the framework."""

from quart import Response, request
from quart_auth import Unauthorized
from werkzeug.exceptions import NotFound

from ..accounts.sign_ins import current_browser
from ..people import Profile
from ..services import services
from ..web.rate_limits import limit_hovers


async def show(username: str) -> Response:
    """A person's card as a fragment: no write, no database session, no second query."""
    browser = current_browser()
    if browser.token_hash is None:
        raise Unauthorized()
    await limit_hovers(browser.token_hash)
    viewer_id, card = await services().card_loader.load(username, browser.token_hash)
    if viewer_id is None:
        raise Unauthorized()
    browser.note_seen(viewer_id)
    if card is None:
        raise NotFound("This person is no longer here.")
    return _answer(card)


def _answer(card: Profile) -> Response:
    fragment = services().render_card(card)
    headers = {"ETag": f'"{fragment.etag}"', "Cache-Control": "private, no-cache"}
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(fragment.etag):
        return Response(b"", 304, headers)
    return Response(fragment.html, 200, headers)
