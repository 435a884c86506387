"""The characters of usernames, in forms and in URLs.

ASCII only: with look-alike letters of other scripts a person could pose as another, and the
databases agree on the case of ASCII letters only.
"""

from werkzeug.routing import BaseConverter

USERNAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"


class UsernameConverter(BaseConverter):
    """`<username:…>` in a route. Anything else is a 404 without a query."""

    regex = USERNAME_PATTERN
