"""The rows of a person and their columns."""

from dataclasses import fields

import pytest
from sqlalchemy import select

from quart_popovers.accounts.queries.people import VIEWER_COLUMNS, Viewer
from quart_popovers.people import PERSON_COLUMNS, PROFILE_COLUMNS, Person, Profile
from tests.visitor import Fetch, MakeUser


@pytest.mark.parametrize(
    ("row", "columns"),
    [(Person, PERSON_COLUMNS), (Profile, PROFILE_COLUMNS), (Viewer, VIEWER_COLUMNS)],
)
def test_the_columns_are_the_fields_in_their_order(
    row: type[Person], columns: tuple[object, ...]
) -> None:
    assert [column.key for column in columns] == [field.name for field in fields(row)]  # type: ignore[attr-defined]


async def test_an_address_is_read_as_its_hash_whatever_its_case(
    make_user: MakeUser, fetch: Fetch
) -> None:
    await make_user("ada", email=" Ada@Example.com ")

    [row] = await fetch(select(*PERSON_COLUMNS))

    assert Person(*row).email_hash == (
        "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72"
    )
