"""Account: where one is signed in, the password, the export, and leaving."""

import asyncio

from quart import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from quart.typing import ResponseReturnValue
from quart_auth import Unauthorized, login_required, logout_user

from ..accounts.guessing import account_of, forgive_tries, refuse_guessing
from ..accounts.passwords import hash_password, verify_password
from ..accounts.queries import (
    Credentials,
    PasswordChanged,
    Viewer,
    delete_user,
    select_credentials_of,
    update_password_hash,
)
from ..accounts.sign_ins import current_browser, current_viewer, writing_as_viewer
from ..accounts.weak_passwords import explain_weakness
from ..database import reading
from ..web.csrf import shows_its_form_again
from ..web.forms import form_page
from ..web.rate_limits import EXPORTS, limit
from .browsers import name_browser
from .export import as_json
from .forms import ChangePasswordForm, DeleteAccountForm
from .queries import (
    delete_one_sign_in,
    delete_other_sign_ins,
    select_everything,
    select_sign_ins,
)

blueprint = Blueprint("my_account", __name__)

WRONG_PASSWORD = "This is not your present password."


@blueprint.get("/account")
@login_required
async def show() -> ResponseReturnValue:
    """Show what there is to do with one's account."""
    return await render_template("my_account/show.html")


@blueprint.get("/account/sessions")
@login_required
async def list_sign_ins() -> ResponseReturnValue:
    """Show the browsers in which one is signed in."""
    viewer = await current_viewer()
    async with reading() as db:
        sign_ins = await select_sign_ins(db, viewer.id)
    # In a thread: the first of all names takes 90 ms, which the rules are compiled in.
    named = await asyncio.to_thread(lambda: [(name_browser(it.user_agent), it) for it in sign_ins])
    return await render_template(
        "my_account/sessions.html", sign_ins=named, own=current_browser().token_hash
    )


@blueprint.post("/account/sessions/end")
@login_required
async def end_sign_in() -> ResponseReturnValue:
    """Sign one browser out, at once and in every worker."""
    token_hash = (await request.form).get("session", "")
    async with writing_as_viewer() as (db, viewer):
        await delete_one_sign_in(db, viewer.id, token_hash)
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


@blueprint.get("/.well-known/change-password")
async def find_password_page() -> ResponseReturnValue:
    """Where password managers look (W3C, A Well-Known URL for Changing Passwords)."""
    return redirect(url_for(".change_password"), 303)


@blueprint.route("/account/password", methods=["GET", "POST"])
@shows_its_form_again
@login_required
async def change_password() -> ResponseReturnValue:
    """Change the password, and sign out all other browsers: one of them may be a thief's."""
    viewer = await current_viewer()
    form = await ChangePasswordForm.from_request()
    if form.is_sent_and_valid() and await _change_password(viewer, form):
        await flash("Your password is changed. All other browsers are signed out.")
        return redirect(url_for(".show"), 303)
    return await form_page("my_account/password.html", form)


async def _change_password(viewer: Viewer, form: ChangePasswordForm) -> bool:
    password = form.password.data or ""
    credentials = await _confirm(viewer, form)
    if credentials is None:
        return False
    if weakness := await explain_weakness(password, viewer.username, viewer.email):
        form.refuse(form.password, weakness)
        return False
    password_hash = await hash_password(password)
    try:
        async with writing_as_viewer() as (db, person):
            await update_password_hash(db, person.id, credentials.password_hash, password_hash)
            await delete_other_sign_ins(db, person.id, current_browser().token_hash or "")
    except PasswordChanged:
        form.refuse(form.present_password, WRONG_PASSWORD)
        return False
    return True


async def _confirm(
    viewer: Viewer, form: ChangePasswordForm | DeleteAccountForm
) -> Credentials | None:
    """The person's credentials if the present password is right, else a message beside it.

    Whoever finds a signed-in browser may not guess here what sign-in would not let them.
    """
    account = account_of(viewer.id)
    await refuse_guessing(account)
    async with reading() as db:
        credentials = await select_credentials_of(db, viewer.id)
    known = credentials.password_hash if credentials else None
    is_right, _new_hash = await verify_password(form.present_password.data or "", known)
    if not is_right:
        form.refuse(form.present_password, WRONG_PASSWORD)
        return None
    await forgive_tries(account)
    return credentials


@blueprint.get("/account/export")
@login_required
async def export() -> ResponseReturnValue:
    """Give a person all that the site has of them, as a file."""
    viewer = await current_viewer()
    await limit(EXPORTS, str(viewer.id))
    async with reading() as db:
        everything = await select_everything(db, viewer.id)
    if everything is None:
        raise Unauthorized()
    content = await asyncio.to_thread(as_json, everything)
    disposition = f'attachment; filename="quart-popovers-{everything.person.username}.json"'
    return Response(
        content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )


@blueprint.route("/account/delete", methods=["GET", "POST"])
@shows_its_form_again
@login_required
async def delete() -> ResponseReturnValue:
    """Delete the account with all its comments."""
    viewer = await current_viewer()
    form = await DeleteAccountForm.from_request()
    if form.is_sent_and_valid() and await _delete(viewer, form):
        logout_user()
        session.clear()
        await flash("Your account is deleted, and all your comments with it. Farewell!")
        return redirect(url_for("accounts.register"), 303)
    return await form_page("my_account/delete.html", form)


async def _delete(viewer: Viewer, form: DeleteAccountForm) -> bool:
    credentials = await _confirm(viewer, form)
    if credentials is None:
        return False
    try:
        async with writing_as_viewer() as (db, person):
            await delete_user(db, person.id, credentials.password_hash)
    except PasswordChanged:
        form.refuse(form.present_password, WRONG_PASSWORD)
        return False
    return True
