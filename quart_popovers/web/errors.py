"""Every error becomes an answer here: a page for a person, a fragment for a script."""

from quart import Quart, current_app, flash, g, redirect, render_template, request, url_for
from quart.typing import ResponseReturnValue
from quart_auth import Unauthorized
from quart_schema import RequestSchemaValidationError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    ServiceUnavailable,
)

from ..database import DatabaseAway
from .csrf import SAFE_METHODS
from .popups import is_popup

RETRY_AFTER_S = 2

# What a person can do about it; the status phrase alone helps nobody.
EXPLANATIONS = {
    400: "Something in this address or form is not right.",
    403: "This page is not yours to open.",
    404: "There is nothing here. The person may have a new name, or the comment is gone.",
    405: "This address does not work that way.",
    408: "The connection was too slow. Please try once more.",
    413: "That was too large for this site.",
    429: "That was a little fast. Please wait a moment.",
    500: "Something broke on our side. It is in our log; please try once more.",
    503: "The site is busy or being mended. Please try again in a moment.",
}


def register_error_handlers(app: Quart) -> None:
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(Unauthorized, ask_to_sign_in)
    app.register_error_handler(RequestSchemaValidationError, show_bad_request)
    app.register_error_handler(DatabaseAway, show_unavailable)


def wants_fragment() -> bool:
    """Whether a script asked, as the address or the browser tells (Fetch Metadata, W3C)."""
    return is_popup(request.path) or request.headers.get("Sec-Fetch-Dest") == "empty"


async def show_error(error: HTTPException) -> ResponseReturnValue:
    """The error in the site's look; a redirect that travels as an exception passes through."""
    if error.code is None or error.code < 400:
        return error.get_response()
    # A description of ours is written for people; werkzeug's own are not.
    is_ours = error.description != type(error).description
    explanation = (error.description if is_ours else EXPLANATIONS.get(error.code)) or error.name
    if wants_fragment():
        # Without looking up the viewer: to be refused must not cost more than to be answered.
        fragment = current_app.jinja_env.get_template("errors/_error.html")
        body = await fragment.render_async(explanation=explanation)
    else:
        try:
            body = await render_template(
                "errors/error.html", code=error.code, name=error.name, explanation=explanation
            )
        except DatabaseAway as away:  # which has to say who the viewer is
            return await show_unavailable(away)
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in {"content-type", "content-length"}
    }
    return body, error.code, headers


async def ask_to_sign_in(error: Unauthorized) -> ResponseReturnValue:
    """Send a guest to the sign-in page and back afterwards; tell a script 401."""
    if wants_fragment():
        return await show_error(error)
    await flash("Please sign in to see this page.")
    is_page = request.method in SAFE_METHODS
    target = request.full_path.rstrip("?") if is_page else url_for("feed.index")
    return redirect(url_for("accounts.log_in", next=target), 303)


async def show_bad_request(_error: RequestSchemaValidationError) -> ResponseReturnValue:
    return await show_error(BadRequest())


async def show_unavailable(error: DatabaseAway) -> ResponseReturnValue:
    """Answer 503 with the time after which to try again."""
    # One line and no traceback: there will be many, and where the query was made explains nothing.
    current_app.logger.error("Unavailable: %s", error)
    g.database_is_away = True  # the page about it must not ask the database who the viewer is
    return await show_error(ServiceUnavailable(retry_after=RETRY_AFTER_S))
