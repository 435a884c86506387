"""Account → Delete."""

from quart import flash, redirect, session, url_for
from quart.typing import ResponseReturnValue
from quart_auth import login_required, logout_user

from ...web.csrf import shows_its_form_again
from ...web.forms import RETRY_LATER, form_page
from ...web.rate_limits import CONFIRMATIONS
from ..blueprint import blueprint
from ..errors import WrongPassword
from ..forms import DeleteAccountForm
from ..lifecycle import delete_account
from ..sign_ins import current_browser


@blueprint.route("/account/delete", methods=["GET", "POST"])
@shows_its_form_again
@login_required
async def delete() -> ResponseReturnValue:
    """Delete the account with all its comments."""
    attempts = CONFIRMATIONS, current_browser().token_hash or ""
    form = await DeleteAccountForm.from_request(attempts=attempts)
    if form.is_sent_and_valid():
        try:
            await delete_account(form.current_password.data or "")
        except WrongPassword:
            form.refuse_current_password()
        except RETRY_LATER as error:
            form.refuse_for_now(error)
        else:
            logout_user()
            session.clear()
            await flash("Your account and all your comments are deleted.")
            return redirect(url_for(".register"), 303)
    return await form_page("accounts/delete.html", form)
