"""Where a visitor may be sent after signing in."""

import re
from urllib.parse import unquote

# One slash and no second one, no backslash (browsers read it as a slash), no control character
# or space (browsers drop tabs and line ends before they look).
_PATH_OF_THIS_SITE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*\Z")


def is_path_of_this_site(target: str) -> bool:
    """Whether a `next` stays on this site, also after percent-decoding it once or twice.

    Source: OWASP Unvalidated Redirects and Forwards Cheat Sheet.
    """
    once = unquote(target)
    return all(_PATH_OF_THIS_SITE.match(form) for form in (target, once, unquote(once)))
