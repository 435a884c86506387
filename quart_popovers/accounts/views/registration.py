"""Register: create an account."""

from quart import flash, redirect, url_for
from quart.typing import ResponseReturnValue
from quart_auth import current_user

from ...web.addresses import client_network
from ...web.csrf import shows_its_form_again
from ...web.forms import RETRY_LATER, form_page
from ...web.rate_limits import REGISTRATIONS_BY_ADDRESS
from ..blueprint import blueprint
from ..errors import Taken, WeakPassword
from ..forms import RegisterForm
from ..lifecycle import create_account


@blueprint.route("/register", methods=["GET", "POST"])
@shows_its_form_again
async def register() -> ResponseReturnValue:
    """Create an account, then go to the sign-in page."""
    if await current_user.is_authenticated:
        return redirect(url_for("feed.index"), 303)
    form = await RegisterForm.from_request(attempts=(REGISTRATIONS_BY_ADDRESS, client_network()))
    if form.is_sent_and_valid():
        username, email = form.username.data or "", form.email.data or ""
        try:
            await create_account(username, email, form.password.data or "")
        except WeakPassword as weak:
            form.refuse(form.password, str(weak))
        except Taken as taken:
            form.refuse_taken(taken.fields)
        except RETRY_LATER as error:
            form.refuse_for_now(error)
        else:
            await flash(f"Welcome, {username}! Your account is ready. Please sign in.")
            return redirect(url_for(".log_in"), 303)
    return await form_page("accounts/register.html", form)
