"""Account → Sessions: where a person is signed in, and how to end it."""

import asyncio

from quart import flash, redirect, request, url_for
from quart.typing import ResponseReturnValue
from quart_auth import login_required

from ...database import reading
from ...web.pages import render_page
from ..blueprint import blueprint
from ..browsers import name_browser
from ..queries.sign_ins import delete_other_sign_ins, delete_sign_in_of, select_sign_ins
from ..sign_ins import current_browser, current_viewer, writing_as_viewer


@blueprint.get("/account/sessions")
@login_required
async def list_sign_ins() -> ResponseReturnValue:
    """Show the browsers in which a person is signed in."""
    viewer = await current_viewer()
    async with reading() as db:
        sign_ins = await select_sign_ins(db, viewer.id)
    # In a thread: the first name takes 90 ms, in which the patterns are compiled.
    named = await asyncio.to_thread(lambda: [(name_browser(it.user_agent), it) for it in sign_ins])
    return await render_page(
        "accounts/sessions.html", sign_ins=named, own=current_browser().token_hash
    )


@blueprint.post("/account/sessions/end")
@login_required
async def end_sign_in() -> ResponseReturnValue:
    """Sign one browser out, at once and in every worker."""
    token_hash = (await request.form).get("sign_in", "")
    async with writing_as_viewer() as (db, viewer):
        await delete_sign_in_of(db, viewer.id, token_hash)
    await flash("That browser is signed out.")
    return redirect(url_for(".list_sign_ins"), 303)


@blueprint.post("/account/sessions/end-others")
@login_required
async def end_other_sign_ins() -> ResponseReturnValue:
    """Sign all browsers out but this one."""
    async with writing_as_viewer() as (db, viewer):
        await delete_other_sign_ins(db, viewer.id, current_browser().token_hash or "")
    await flash("All other browsers are signed out.")
    return redirect(url_for(".list_sign_ins"), 303)
