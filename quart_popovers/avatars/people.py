"""A person as a list shows one: a name to link to, and the addresses of two pictures."""

import hmac
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Self

from quart import current_app


@dataclass(frozen=True, slots=True)
class Person:
    """A name and its pictures. Of the email address only the SHA-256 goes this far.

    Source: https://docs.gravatar.com/rest/hash/
    """

    id: int
    username: str
    gravatar_hash: str

    @classmethod
    def of(cls, user_id: int, username: str, email: str) -> Self:
        return cls(user_id, username, sha256(email.strip().lower().encode()).hexdigest())

    @property
    def identicon_url(self) -> str:
        """An address from which nobody can tell whose picture it is, or guess another's."""
        return f"/avatars/{_avatar_key(current_app.config['SECRET_KEY'], self.id)}.svg"

    @property
    def gravatar_url(self) -> str | None:
        """Where the person's Gravatar would be; none if this site asks no third party."""
        if current_app.config["AVATARS"] != "gravatar":
            return None
        return f"https://www.gravatar.com/avatar/{self.gravatar_hash}?s=160&d=404"


@lru_cache(maxsize=10_000)
def _avatar_key(secret_key: str, user_id: int) -> str:
    return hmac.digest(secret_key.encode(), f"avatar {user_id}".encode(), "sha256").hex()[:32]
