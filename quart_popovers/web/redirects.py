"""Redirects: which targets are safe after signing in, and addresses with a slash too many."""

import re
from urllib.parse import unquote

from quart import current_app, redirect, request
from quart.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.urls import iri_to_uri

from .popups import is_popup

# Far above the longest of this site, also with a percent-encoded query in any script.
LONGEST_TARGET = 2000

# One slash and no second one, no backslash (browsers treat it as a slash), no control character,
# space or line end of any script (browsers remove tabs and line ends first, and proxies differ),
# no half of a surrogate pair.
_PATH_OF_THIS_SITE = re.compile(
    r"/(?![/\\])[^\\\s\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd]*\Z"
)


def is_path_of_this_site(target: str) -> bool:
    """Whether a `next` stays on this site, also after percent-decoding it once or twice.

    Source: OWASP Unvalidated Redirects and Forwards Cheat Sheet.
    """
    if len(target) > LONGEST_TARGET:
        return False
    once = unquote(target)
    return all(_PATH_OF_THIS_SITE.match(form) for form in (target, once, unquote(once)))


async def remove_trailing_slash() -> ResponseReturnValue | None:
    """Before every request: send `/login/` to `/login`, and the like if there is such a page.

    Not for popups: a hover is never redirected.
    """
    path = request.path.removesuffix("/")
    if path == request.path or not isinstance(request.routing_exception, NotFound):
        return None
    urls = current_app.create_url_adapter(request)
    if urls is None or is_popup(path) or not urls.test(path, request.method):
        return None
    query = request.query_string.decode()
    return redirect(iri_to_uri(f"{path}?{query}" if query else path), 308)
