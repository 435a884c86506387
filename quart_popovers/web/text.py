"""Jinja filters: people's text with its links, and times in words."""

from calendar import month_abbr
from datetime import datetime
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup, escape

from ..models import utc_now
from .durations import in_words
from .links import find_links

# Source of the rel values: https://developers.google.com/search/docs/crawling-indexing/qualify-outbound-links
_LINK = Markup('<a href="{}" rel="nofollow ugc noopener">{}</a>')

# Each text is rendered once, not once a reader. The forms limit a text to 1,400 code points: this
# is 35 MB at most, and 1 MB of comments as people write them.
MOST_REMEMBERED = 1024

MONTHS = tuple(month_abbr)  # `month_abbr` itself formats a date at each access


@lru_cache(MOST_REMEMBERED)
def with_links(text: str) -> Markup:
    """The text escaped, its web addresses made into links."""
    parts, end = [], 0
    for link in find_links(text):
        shown = text[link.start : link.end]
        parts += [escape(text[end : link.start]), _LINK.format(link.address, shown)]
        end = link.end
    return Markup().join([*parts, escape(text[end:])])


def ago(moment: datetime) -> str:
    """ "3 minutes ago", in the words of relative-times.js (CLDR's)."""
    seconds = (utc_now() - moment).total_seconds()
    return "just now" if seconds < 60 else f"{in_words(seconds)} ago"


def iso_utc(moment: datetime) -> str:
    """For a `datetime` attribute: whole seconds, ending in Z."""
    return moment.isoformat(timespec="seconds")[:19] + "Z"


def month_year(moment: datetime) -> str:
    """ "Mar 2026", for moments whose day does not matter."""
    return f"{MONTHS[moment.month]} {moment.year}"


def add_text_filters(environment: Environment) -> None:
    environment.filters.update(
        with_links=with_links, ago=ago, iso_utc=iso_utc, month_year=month_year
    )
