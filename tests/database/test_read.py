"""Queries that the driver runs itself."""

from datetime import UTC, datetime

import pytest
from quart import Quart
from sqlalchemy import Integer, bindparam, select

from quart_popovers.database import DatabaseAway, Read
from quart_popovers.database.admission import MOST_AT_ONCE
from quart_popovers.models import User, UtcDateTime
from quart_popovers.services import services
from tests.visitor import MakePost, MakeUser, SignIn

SEEN_AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
SEEN_BEFORE = Read(
    select(User.username, User.last_seen)
    .where(User.last_seen < bindparam("moment", type_=UtcDateTime), User.id > 0)
    .order_by(User.id)
    .limit(bindparam("limit", type_=Integer))
)


async def test_values_and_columns_are_converted_as_sqlalchemy_does(
    app: Quart, make_user: MakeUser
) -> None:
    await make_user("ada", last_seen=SEEN_AT)
    await make_user("bo", last_seen=datetime(2026, 5, 1, tzinfo=UTC))

    async with app.app_context():
        found = await SEEN_BEFORE.rows(moment=datetime(2026, 4, 1, tzinfo=UTC), limit=5)

    assert found == [("ada", SEEN_AT)]


async def test_a_row_that_is_not_there_is_none(app: Quart) -> None:
    async with app.app_context():
        assert await SEEN_BEFORE.row(moment=SEEN_AT, limit=1) is None


async def test_a_read_beyond_the_bound_is_refused(app: Quart) -> None:
    services(app).database.readers._inside = MOST_AT_ONCE

    async with app.app_context():
        with pytest.raises(DatabaseAway):
            await SEEN_BEFORE.rows(moment=SEEN_AT, limit=1)


async def test_a_page_is_two_queries_however_many_comments_are_on_it(
    sign_in: SignIn, make_user: MakeUser, make_post: MakePost, statements: list[str]
) -> None:
    visitor = await sign_in("ada")
    bo = await make_user("bo")
    for _ in range(10):
        await make_post(bo)

    for path in ("/", "/?before=5", "/user/bo"):
        statements.clear()
        page = await visitor.get(path)

        assert page.post_ids
        assert len(statements) == 2
