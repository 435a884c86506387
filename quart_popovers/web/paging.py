"""Keyset paging: pages are delimited by ids, so no item is skipped or shown twice.

Source: https://use-the-index-luke.com/no-offset
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar, get_args

from pydantic import BaseModel, Field

LARGEST_ID = 2**63 - 1


class HasId(Protocol):
    @property
    def id(self) -> int: ...


Item = TypeVar("Item", bound=HasId)

# Which page: the first one, or the one on either side of a mark.
Side = Literal["newest", "older", "newer"]
SIDES: tuple[Side, ...] = get_args(Side)


class Cursor(BaseModel):
    """The `before` and `after` in the query of a page; only possible ids are valid."""

    before: int | None = Field(None, ge=1, le=LARGEST_ID)
    after: int | None = Field(None, ge=1, le=LARGEST_ID)

    @property
    def side(self) -> Side:
        """On which side of the mark the page is; `after` wins over `before`."""
        if self.after is not None:
            return "newer"
        return "newest" if self.before is None else "older"

    @property
    def mark(self) -> int | None:
        """The id at which the page is cut."""
        return self.before if self.after is None else self.after


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Items, newest first, and the marks at which the neighbouring pages begin."""

    items: Sequence[Item]
    older_than: int | None
    newer_than: int | None


def cut_page(found: Sequence[Item], cursor: Cursor, size: int) -> Page[Item]:
    """Make a page of up to `size + 1` items found in the cursor's direction.

    The extra item only tells that there are more on that side. On the other side are those that
    the visitor came from.
    """
    items, has_more = found[:size], len(found) > size
    if cursor.side == "newer":
        items = items[::-1]
        has_older, has_newer = True, has_more
    else:
        has_older, has_newer = has_more, cursor.side == "older"
    return Page(
        items,
        older_than=items[-1].id if items and has_older else None,
        newer_than=items[0].id if items and has_newer else None,
    )
