"""Account → Password."""

from quart import flash, redirect, url_for
from quart.typing import ResponseReturnValue
from quart_auth import login_required

from ...web.csrf import shows_its_form_again
from ...web.forms import RETRY_LATER, form_page
from ...web.rate_limits import CONFIRMATIONS
from ..blueprint import blueprint
from ..errors import WeakPassword, WrongPassword
from ..forms import ChangePasswordForm
from ..lifecycle import change_password as change
from ..sign_ins import current_browser


@blueprint.get("/.well-known/change-password")
async def find_password_page() -> ResponseReturnValue:
    """Where password managers look (W3C, A Well-Known URL for Changing Passwords)."""
    return redirect(url_for(".change_password"), 303)


@blueprint.route("/account/password", methods=["GET", "POST"])
@shows_its_form_again
@login_required
async def change_password() -> ResponseReturnValue:
    """Change the password, and sign out all other browsers."""
    attempts = CONFIRMATIONS, current_browser().token_hash or ""
    form = await ChangePasswordForm.from_request(attempts=attempts)
    if form.is_sent_and_valid():
        try:
            await change(form.current_password.data or "", form.password.data or "")
        except WrongPassword:
            form.refuse_current_password()
        except WeakPassword as weak:
            form.refuse(form.password, str(weak))
        except RETRY_LATER as error:
            form.refuse_for_now(error)
        else:
            await flash("Your password is changed. All other browsers are signed out.")
            return redirect(url_for(".show"), 303)
    return await form_page("accounts/password.html", form)
