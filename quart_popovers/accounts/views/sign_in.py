"""Sign in and sign out."""

from quart import flash, redirect, request, url_for
from quart.typing import ResponseReturnValue
from quart_auth import current_user, login_required

from ...web.csrf import shows_its_form_again
from ...web.forms import RETRY_LATER, form_page
from ...web.redirects import is_path_of_this_site
from ..authentication import authenticate
from ..blueprint import blueprint
from ..errors import WrongPassword
from ..forms import SignInForm
from ..sign_ins import sign_in, sign_out


@blueprint.route("/login", methods=["GET", "POST"])
@shows_its_form_again
async def log_in() -> ResponseReturnValue:
    """Sign in, then go back to the page that was asked for."""
    wanted = request.args.get("next", "")
    destination = wanted if is_path_of_this_site(wanted) else url_for("feed.index")
    if await current_user.is_authenticated:
        return redirect(destination, 303)
    form = await SignInForm.from_request()
    if form.is_sent_and_valid():
        try:
            credentials = await authenticate(form.username.data or "", form.password.data or "")
            await sign_in(credentials, remember_me=form.remember_me.data)
        except WrongPassword:
            # The same for an unknown name, so that nobody learns who has an account.
            form.refuse_whole("Invalid username or password")
        except RETRY_LATER as error:
            form.refuse_for_now(error)
        else:
            await flash(f"Welcome back, {credentials.username}!")
            return redirect(destination, 303)
    return await form_page("accounts/login.html", form)


@blueprint.post("/logout")
@login_required
async def log_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    await sign_out()
    await flash("You are signed out.")
    return redirect(url_for(".log_in"), 303)
