"""Which addresses are hovers: asked by a script, answered with a fragment, never redirected."""

import re

# The whole path, so that a person named "popup" has an ordinary profile. `/user//popup` has an
# empty name, and its 404 is a fragment like that of any other unknown name.
_POPUP = re.compile(r"/user/[^/]*/popup")


def is_popup(path: str) -> bool:
    """Whether this is the path of a popup, the address that a hover fetches."""
    return _POPUP.fullmatch(path) is not None
