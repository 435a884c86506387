"""`reading()` and `writing()`: what is kept, what is undone, and nothing left open."""

import pytest
from quart import Quart
from sqlalchemy import insert, select, text
from sqlalchemy.pool import QueuePool

from quart_popovers import create_app
from quart_popovers.database import Database, reading, writing
from quart_popovers.models import Post
from quart_popovers.settings import Settings
from tests.visitor import Fetch, MakeUser, Visitor


async def test_writing_keeps_its_work_and_an_error_undoes_all_of_it(
    app: Quart, make_user: MakeUser, fetch: Fetch
) -> None:
    user_id = await make_user("ada")

    async def write_and_fail() -> None:
        async with writing() as db:
            await db.execute(insert(Post).values(user_id=user_id, body="undone"))
            raise ValueError("on the way")

    async with app.app_context():
        async with writing() as db:
            await db.execute(insert(Post).values(user_id=user_id, body="kept"))
        with pytest.raises(ValueError, match="on the way"):
            await write_and_fail()

    assert await fetch(select(Post.body)) == [("kept",)]


async def test_no_connection_is_kept_after_an_answer_whatever_it_was(
    app: Quart, database: Database, make_user: MakeUser
) -> None:
    @app.get("/test-only/mistake")
    async def fail() -> str:
        async with reading() as db:
            await db.execute(text("SELECT 1"))
            raise ValueError("while reading")

    await make_user("ada")
    visitor = Visitor(app)
    await visitor.sign_in("ada")

    paths = (
        "/",
        "/user/ada",
        "/user/ada/popup",
        "/user/nobody",
        "/?before=x",
        "/test-only/mistake",
    )
    statuses = [(await visitor.get(path)).status for path in paths]

    assert statuses == [200, 200, 200, 404, 400, 500]
    for engine in (database.reader, database.writer):
        assert isinstance(engine.pool, QueuePool)
        assert engine.pool.checkedout() == 0


@pytest.mark.usefixtures("cheap_hashing")
async def test_a_request_needs_one_connection_for_reading_at_a_time(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"database_pool_size": 1}))
    async with app.test_app():
        ada = Visitor(app)
        await ada.register("ada")
        await ada.sign_in("ada")
        await ada.post_comment("Hello")

        paths = ("/", "/user/ada", "/user/ada/popup", "/account", "/account/sessions", "/none")
        statuses = [(await ada.get(path)).status for path in paths]

    assert statuses == [200, 200, 200, 200, 200, 404]
