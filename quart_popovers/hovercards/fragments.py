"""A card as the HTML fragment that a hover gets."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from jinja2 import Environment

from ..people import Profile

# About 6 MB. Rendering is a pure function of the row, which was just read: nothing can be stale.
MOST_REMEMBERED = 4096


class Fragment(NamedTuple):
    html: bytes
    etag: str


def card_renderer(environment: Environment) -> Callable[[Profile], Fragment]:
    """A function that renders a card, and remembers what it rendered."""

    @lru_cache(MOST_REMEMBERED)
    def render(person: Profile) -> Fragment:
        template = environment.get_template("hovercards/_card.html")
        html = template.render(person=person).encode()
        return Fragment(html, blake2b(html, digest_size=16).hexdigest())

    return render
