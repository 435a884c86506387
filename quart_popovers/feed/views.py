"""The feed: everybody's comments, and the form to add one."""

from quart import Blueprint, current_app, flash, g, redirect, url_for
from quart.typing import ResponseReturnValue
from quart_auth import Unauthorized, login_required
from quart_schema import validate_querystring

from ..accounts.sign_ins import current_viewer, writing_as_viewer
from ..web.csrf import shows_its_form_again
from ..web.forms import form_page
from ..web.paging import Cursor, cut_page
from ..web.rate_limits import POSTS
from .forms import PostForm
from .queries import AlreadyPosted, AuthorGone, insert_post, select_feed

blueprint = Blueprint("feed", __name__)


@blueprint.route("/index", methods=["GET", "POST"])
@blueprint.route("/", methods=["GET", "POST"])
@shows_its_form_again
@login_required
@validate_querystring(Cursor)
async def index(query_args: Cursor) -> ResponseReturnValue:
    """Show a page of comments, or post one."""
    viewer = await current_viewer()
    form = await PostForm.from_request(attempts=(POSTS, str(viewer.id)))
    if form.is_sent_and_valid():
        await _post(form.body.data or "")
        return redirect(url_for(".index"), 303)
    size = current_app.config["POSTS_PER_PAGE"]
    page = cut_page(await select_feed(query_args, size + 1), query_args, size)
    if query_args.mark and not page.items:
        return redirect(url_for(".index"), 303)
    return await form_page("feed/index.html", form, page=page)


async def _post(body: str) -> None:
    try:
        async with writing_as_viewer() as (db, author):
            await insert_post(db, author.id, body, g.csrf_token)
    except AlreadyPosted:
        return  # the other request of the same form has flashed the message
    except AuthorGone as gone:
        raise Unauthorized() from gone
    await flash("Your comment is posted.", "comment")
