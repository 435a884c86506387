"""A person's page with that person's own comments."""

from quart import Blueprint, current_app, redirect, url_for
from quart.typing import ResponseReturnValue
from quart_auth import login_required
from quart_schema import validate_querystring
from werkzeug.exceptions import NotFound

from ..accounts.sign_ins import current_viewer
from ..web.headers import NO_STORE
from ..web.pages import render_page
from ..web.paging import Cursor, cut_page
from .queries import select_profile

blueprint = Blueprint("profiles", __name__)


@blueprint.get("/user/<username:username>")
@login_required
@validate_querystring(Cursor)
async def show(username: str, query_args: Cursor) -> ResponseReturnValue:
    """Show a profile; another spelling of the name is sent to the right one."""
    size = current_app.config["POSTS_PER_PAGE"]
    found = await select_profile(username, query_args, size + 1)
    if found is None:
        raise NotFound("There is no person with this name. They may have changed it.")
    profile, posts = found
    page = cut_page(posts, query_args, size)
    right_name = profile.username
    if username != right_name or (query_args.mark and not page.items):
        return redirect(url_for(".show", username=right_name), 303)
    html = await render_page("profiles/show.html", profile=profile, page=page)
    is_own = profile.id == (await current_viewer()).id
    return html, {"Cache-Control": NO_STORE} if is_own else {}  # their email address is on it
