"""What a username is made of, in forms and in addresses.

ASCII only: look-alike letters of other alphabets would let one person pose as another, and the
databases agree on what "the same in another case" means.
"""

from werkzeug.routing import BaseConverter

USERNAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"


class UsernameConverter(BaseConverter):
    """`<username:…>` in a route; anything that cannot be a username is a 404 without a query."""

    regex = USERNAME_PATTERN
