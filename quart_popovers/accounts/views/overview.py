"""Account: what a person can do with it."""

from quart import render_template
from quart.typing import ResponseReturnValue
from quart_auth import login_required

from ..blueprint import blueprint


@blueprint.get("/account")
@login_required
async def show() -> ResponseReturnValue:
    """Link to everything that a person can do with the account."""
    return await render_template("accounts/show.html")
