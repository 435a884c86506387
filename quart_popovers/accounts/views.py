"""Register, sign in, sign out, edit profile."""

from dataclasses import replace

from quart import Blueprint, flash, redirect, request, url_for
from quart.typing import ResponseReturnValue
from quart_auth import current_user, login_required

from ..database import reading, writing
from ..web.addresses import client_network
from ..web.csrf import shows_its_form_again
from ..web.forms import form_page
from ..web.rate_limits import REGISTRATIONS_BY_ADDRESS, SIGN_INS_BY_ADDRESS
from ..web.redirects import is_path_of_this_site
from .forms import EditProfileForm, RegisterForm, SignInForm
from .guessing import account_named, forgive_tries, refuse_guessing
from .passwords import hash_password, verify_password
from .queries import (
    Credentials,
    EmailTaken,
    PasswordChanged,
    UsernameTaken,
    insert_user,
    select_credentials,
    select_taken,
    update_password_hash,
    update_profile,
)
from .sign_ins import current_viewer, sign_in, sign_out, writing_as_viewer
from .weak_passwords import explain_weakness

blueprint = Blueprint("accounts", __name__)

USERNAME_TAKEN = "This username is taken. Please choose another one."
REFUSED = "Invalid username or password"
EMAIL_TAKEN = "There is already an account with this address."


@blueprint.route("/register", methods=["GET", "POST"])
@shows_its_form_again
async def register() -> ResponseReturnValue:
    """Create an account, then go to the sign-in page."""
    if await current_user.is_authenticated:
        return redirect(url_for("feed.index"), 303)
    form = await RegisterForm.from_request(attempts=(REGISTRATIONS_BY_ADDRESS, client_network()))
    if form.is_sent_and_valid() and await _create_account(form):
        await flash(f"Welcome, {form.username.data}! Your account is ready. Please sign in.")
        return redirect(url_for(".log_in"), 303)
    return await form_page("accounts/register.html", form)


async def _create_account(form: RegisterForm) -> bool:
    username, email = form.username.data or "", form.email.data or ""
    password = form.password.data or ""
    if weakness := await explain_weakness(password, username, email):
        form.refuse(form.password, weakness)
        return False
    async with reading() as db:
        username_taken, email_taken = await select_taken(db, username, email)
    if not (username_taken or email_taken):
        password_hash = await hash_password(password)
        try:
            async with writing() as db:
                await insert_user(db, username, email, password_hash)
            return True
        except UsernameTaken:
            username_taken = True
        except EmailTaken:
            email_taken = True
    if username_taken:
        form.refuse(form.username, USERNAME_TAKEN)
    if email_taken:
        form.refuse(form.email, EMAIL_TAKEN)
    return False


@blueprint.route("/login", methods=["GET", "POST"])
@shows_its_form_again
async def log_in() -> ResponseReturnValue:
    """Sign in, then go back to the page that was asked for."""
    wanted = request.args.get("next", "")
    destination = wanted if is_path_of_this_site(wanted) else url_for("feed.index")
    if await current_user.is_authenticated:
        return redirect(destination, 303)
    form = await SignInForm.from_request(attempts=(SIGN_INS_BY_ADDRESS, client_network()))
    if form.is_sent_and_valid() and await _sign_in(form):
        return redirect(destination, 303)
    return await form_page("accounts/login.html", form)


async def _sign_in(form: SignInForm) -> bool:
    name = form.username.data or ""
    account = account_named(name)
    await refuse_guessing(account)
    async with reading() as db:
        credentials = await select_credentials(db, name)
    is_right, new_hash = await verify_password(
        form.password.data or "", credentials.password_hash if credentials else None
    )
    if credentials is None or not is_right:
        form.refuse_whole(REFUSED)
        return False
    await forgive_tries(account)
    try:
        if new_hash:
            credentials = await _renew(credentials, new_hash)
        await sign_in(credentials, remember_me=form.remember_me.data)
    except PasswordChanged:
        form.refuse_whole(REFUSED)
        return False
    await flash(f"Welcome back, {credentials.username}!")
    return True


async def _renew(credentials: Credentials, new_hash: str) -> Credentials:
    async with writing() as db:
        await update_password_hash(db, credentials.user_id, credentials.password_hash, new_hash)
    return replace(credentials, password_hash=new_hash)


@blueprint.post("/logout")
@login_required
async def log_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    await sign_out()
    await flash("You are signed out. See you soon!")
    return redirect(url_for(".log_in"), 303)


@blueprint.route("/edit-profile", methods=["GET", "POST"])
@shows_its_form_again
@login_required
async def edit_profile() -> ResponseReturnValue:
    """Change one's username and the text about oneself."""
    form = await EditProfileForm.from_request(await current_viewer())
    if form.is_sent_and_valid():
        try:
            async with writing_as_viewer() as (db, viewer):
                await update_profile(db, viewer.id, form.values)
        except UsernameTaken:
            form.refuse(form.username, USERNAME_TAKEN)
        else:
            await flash("Your changes have been saved.")
            return redirect(url_for("profiles.show", username=form.username.data), 303)
    return await form_page("accounts/edit_profile.html", form)
