"""The addresses of people's pictures: `/avatars/<id>-<mac>.svg?v=<version>`.

The MAC makes an address known only to those to whom a page shows it. The version changes with the
picture, so that browsers may keep each, and reveals nothing about the email address.
"""

import hmac
import re
from functools import lru_cache

from jinja2 import Environment
from quart import current_app

from ..people import Person

# The version of a picture that this site draws, and the choice of it in `users.picture`.
DRAWN = "drawn"

_KEY = re.compile(r"([1-9][0-9]{0,18})-([0-9a-f]{32})")
_VERSION = re.compile(r"[0-9a-f]{16}")


def picture_url(person: Person) -> str:
    mac = _mac(f"avatar {person.id}")
    return f"/avatars/{person.id}-{mac}.svg?v={version_of(person)}"


def version_of(person: Person) -> str:
    """DRAWN, or what tells one Gravatar from another."""
    if current_app.config["AVATARS"] != "gravatar" or person.picture == DRAWN:
        return DRAWN
    return _mac(f"gravatar {person.email_hash}")[:16]


def is_version_of_gravatar(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None


def split_key(key: str) -> tuple[int, str] | None:
    """The id and the MAC of `<id>-<mac>`; None unless the MAC is right."""
    found = _KEY.fullmatch(key)
    if found and hmac.compare_digest(found[2], _mac(f"avatar {found[1]}")):
        return int(found[1]), found[2]
    return None


def _mac(text: str) -> str:
    return _digest(current_app.config["SECRET_KEY"], text)[:32]


@lru_cache(maxsize=20_000)
def _digest(secret_key: str, text: str) -> str:
    return hmac.digest(secret_key.encode(), text.encode(), "sha256").hex()


def add_avatar_filters(environment: Environment) -> None:
    environment.filters["picture_url"] = picture_url
