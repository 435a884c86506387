"""Turns every error into a response: a page for a person, a fragment for a script."""

from quart import Quart, current_app, flash, g, redirect, request, url_for
from quart.typing import ResponseReturnValue
from quart_auth import Unauthorized
from quart_schema import RequestSchemaValidationError
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    ServiceUnavailable,
)

from ..database import DatabaseAway
from ..services import services
from .csrf import SAFE_METHODS
from .pages import render_page
from .popups import is_popup

RETRY_AFTER_S = 2

# What a person can do about it, which the status phrase does not tell.
EXPLANATIONS = {
    400: "This address or form is not valid.",
    403: "You do not have access to this page.",
    404: "This page does not exist. A person may have a new name, or a comment was deleted.",
    405: "This address does not support this kind of request.",
    408: "The connection was too slow. Please try again.",
    413: "This is too large for this site.",
    429: "These were too many requests. Please wait a moment.",
    500: "Something went wrong on our side. Please try again.",
    503: "The site is temporarily unavailable. Please try again in a moment.",
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
    """The error as a page of the site. A redirect raised as an exception is returned as it is."""
    if error.code is None or error.code < 400:
        return error.get_response()
    # Our own descriptions are written for people; werkzeug's are not.
    is_ours = error.description != type(error).description
    explanation = (error.description if is_ours else EXPLANATIONS.get(error.code)) or error.name
    if wants_fragment():
        # Without looking up the viewer: a refusal must not cost more than an answer.
        fragment = services().pages.environment.get_template("errors/_error.html")
        body = fragment.render(explanation=explanation)
    else:
        try:
            body = await render_page(
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
    """Send a guest to the sign-in page and back afterwards; answer a script with 401."""
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
    g.database_is_away = True  # so that the error page does not query the viewer
    return await show_error(ServiceUnavailable(retry_after=RETRY_AFTER_S))
