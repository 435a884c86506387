"""The tables: what goes with a person, ids, and times."""

from quart import Quart
from sqlalchemy import delete, func, select

from quart_popovers.database import writing
from quart_popovers.models import Post, SignIn, User, utc_now
from tests.visitor import Fetch, MakePost, MakeUser, Visitor


async def test_with_a_person_go_the_comments_and_sign_ins(
    app: Quart, make_user: MakeUser, make_post: MakePost, fetch: Fetch
) -> None:
    await make_post(await make_user("ada"))
    await Visitor(app).sign_in("ada")

    async with app.app_context(), writing() as db:
        await db.execute(delete(User))

    for table in (Post, SignIn):
        assert await fetch(select(func.count()).select_from(table)) == [(0,)]


async def test_an_id_is_never_given_twice(
    app: Quart, make_user: MakeUser, make_post: MakePost
) -> None:
    user_id = await make_user("ada")
    first = await make_post(user_id)

    async with app.app_context(), writing() as db:
        await db.execute(delete(Post))

    assert await make_post(user_id) > first


async def test_a_moment_comes_back_as_aware_utc(make_user: MakeUser, fetch: Fetch) -> None:
    now = utc_now()
    await make_user("ada", last_seen=now)

    [[kept]] = await fetch(select(User.last_seen))

    assert kept == now
    assert kept.utcoffset() is not None
