"""Why something about an account was refused."""

from collections.abc import Set
from typing import Literal


class WrongPassword(Exception):
    """The name or the password is wrong, or the password was changed since it was verified."""


class WeakPassword(Exception):
    """The new password is easy to guess; the text says why."""


class Taken(Exception):
    """Another account has this username or address, perhaps in another case."""

    def __init__(self, fields: Set[Literal["username", "email"]]) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.fields = fields
