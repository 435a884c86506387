"""Account: what a person can do with it."""

from quart.typing import ResponseReturnValue
from quart_auth import login_required

from ...web.pages import render_page
from ..blueprint import blueprint


@blueprint.get("/account")
@login_required
async def show() -> ResponseReturnValue:
    """Link to everything that a person can do with the account."""
    return await render_page("accounts/show.html")
