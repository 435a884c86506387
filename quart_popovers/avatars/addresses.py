"""The addresses of a person's pictures."""

import hmac
from functools import lru_cache

from quart import Quart, current_app

from ..people import Person


def identicon_url(person: Person) -> str:
    """An address that reveals nothing about the person and cannot be guessed for another."""
    return f"/avatars/{_avatar_key(current_app.config['SECRET_KEY'], person.id)}.svg"


def gravatar_url(person: Person) -> str | None:
    """Where the person's Gravatar would be; None where it is not wanted."""
    if current_app.config["AVATARS"] != "gravatar" or person.picture == "drawn":
        return None
    return f"https://www.gravatar.com/avatar/{person.email_hash}?s=160&d=404"


@lru_cache(maxsize=10_000)
def _avatar_key(secret_key: str, user_id: int) -> str:
    return hmac.digest(secret_key.encode(), f"avatar {user_id}".encode(), "sha256").hex()[:32]


def add_avatar_filters(app: Quart) -> None:
    app.jinja_env.filters.update(identicon_url=identicon_url, gravatar_url=gravatar_url)
