"""Cutting pages, without a database."""

from dataclasses import dataclass

import pytest

from quart_popovers.web.paging import Cursor, cut_page


@dataclass(frozen=True)
class Row:
    id: int


def cut(ids: list[int], **marks: int) -> tuple[list[int], int | None, int | None]:
    page = cut_page([Row(number) for number in ids], Cursor(**marks), 2)
    return [row.id for row in page.items], page.older_than, page.newer_than


@pytest.mark.parametrize(
    ("found", "marks", "page"),
    [
        ([], {}, ([], None, None)),
        ([9], {}, ([9], None, None)),
        ([9, 8], {}, ([9, 8], None, None)),
        ([9, 8, 7], {}, ([9, 8], 8, None)),
        ([7, 6, 5], {"before": 8}, ([7, 6], 6, 7)),
        ([7, 6], {"before": 8}, ([7, 6], None, 7)),
        ([], {"before": 1}, ([], None, None)),
        ([6, 7, 8], {"after": 5}, ([7, 6], 6, 7)),
        ([6, 7], {"after": 5}, ([7, 6], 6, None)),
        ([6], {"after": 5}, ([6], 6, None)),
        ([], {"after": 5}, ([], None, None)),
    ],
)
def test_a_page_has_its_items_and_marks_only_where_there_is_more(
    found: list[int], marks: dict[str, int], page: tuple[list[int], int | None, int | None]
) -> None:
    assert cut(found, **marks) == page
