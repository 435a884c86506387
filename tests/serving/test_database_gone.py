"""A database that is stopped, frozen, full or read-only: a page that says so, and then it works."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from quart import Quart
from sqlalchemy import event

from quart_popovers.database import Database
from tests.postgresql import POSTGRESQL_URL
from tests.serving.browser import Browser
from tests.serving.people import PEOPLE
from tests.serving.posters import Poster, count_comments, sign_in_posters
from tests.serving.postgresql import Cluster
from tests.serving.server import Server
from tests.visitor import Page, SignIn, Visitor

LONGEST_WAIT_S = 5  # the issue's own figure

PAGES = ("/", "/user/ada", "/user/ada/popup", "/user/nobody-is-called-this", "/no/such/page")


@pytest.fixture
async def postgresql_site(postgresql_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    async with Server(postgresql_url, tmp_path, workers=2) as server:
        yield server


async def timed(asking: "asyncio.Task[Page]") -> tuple[Page, float]:
    started_at = time.perf_counter()
    page = await asking
    return page, time.perf_counter() - started_at


async def ask_everything(browser: Browser, poster: Poster) -> list[tuple[Page, float]]:
    """Every kind of request at once, and how long each waited."""
    asked = [browser.get(path) for path in (*PAGES, *["/user/bo/popup"] * 20, *["/"] * 20)]
    asked += [browser.post("/", csrf_token=poster.token, body=f"Lost {n}") for n in range(20)]
    asked += [browser.post("/login", csrf_token="", username="ada", password="wrong")]
    return await asyncio.gather(*(timed(asyncio.ensure_future(it)) for it in asked))


def says_come_back(page: Page) -> bool:
    return (
        page.status == 503
        and int(page.headers["retry-after"]) > 0
        and "try again in a moment" in page.text
        and "Traceback" not in page.text
    )


async def test_while_postgresql_is_stopped_all_answers_say_so_and_then_everything_works(
    postgresql: Cluster, postgresql_site: Server, postgresql_url: str
) -> None:
    (poster, *others) = await sign_in_posters(postgresql_site.browser(), PEOPLE, 8)
    record = poster.record

    async def keep_posting(it: Poster) -> None:
        while not stopped.is_set() or it.posts_since < 3:
            await it.post()
            it.posts_since += stopped.is_set()

    stopped = asyncio.Event()
    load = [asyncio.create_task(keep_posting(it)) for it in others]
    while len(record.answered) < 20:
        await asyncio.sleep(0.01)
    await postgresql.stop()
    stopped.set()
    await asyncio.gather(*load)
    meanwhile = await ask_everything(poster.browser, poster)
    health = await poster.browser.get("/healthz")
    await postgresql.start()
    first = [await poster.browser.another().get(path) for path in PAGES[:3]]
    await poster.post()

    pages = [page for page, _ in meanwhile]
    statuses = {page.status for page in pages if not says_come_back(page)}
    assert statuses <= {400}  # the form without a token
    assert max(record.longest_s, *(waited for _, waited in meanwhile)) < LONGEST_WAIT_S
    assert [wrong for wrong in record.wrong if not wrong.startswith("503")] == [], (
        postgresql_site.log
    )
    assert health.status == 503
    assert [page.status for page in first] == [200, 200, 200], postgresql_site.log
    comments = await count_comments(postgresql_url)
    assert set(record.answered) <= set(comments)
    assert max(comments.values()) == 1
    assert poster.name in record.answered[-1]


async def test_while_postgresql_stands_still_nobody_waits_long(
    postgresql: Cluster, postgresql_site: Server
) -> None:
    (poster,) = await sign_in_posters(postgresql_site.browser(), PEOPLE[:1], 1)

    postgresql.freeze()
    try:
        meanwhile = await ask_everything(poster.browser, poster)
    finally:
        postgresql.thaw()
    await poster.post()

    assert {page.status for page, _ in meanwhile} <= {503, 400}
    assert max(waited for _, waited in meanwhile) < LONGEST_WAIT_S
    assert poster.record.wrong == []


FAULTS = {"full": "PRAGMA max_page_count=1", "read-only": "PRAGMA query_only=ON"}


def break_the_disk(database: Database, fault: str) -> None:
    """From the next connection on, SQLite itself refuses to write."""

    def break_it(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(FAULTS[fault])
        cursor.close()

    event.listen(database.writer.sync_engine, "connect", break_it)


@pytest.mark.skipif(POSTGRESQL_URL is not None, reason="a fault of SQLite's")
@pytest.mark.parametrize("fault", FAULTS)
async def test_with_a_full_or_read_only_disk_reading_goes_on(
    app: Quart, sign_in: SignIn, database: Database, fault: str
) -> None:
    visitor = await sign_in("ada")
    form = await visitor.get("/")
    await database.writer.dispose()
    break_the_disk(database, fault)

    refused = await visitor.post("/", csrf_token=form.csrf_token, body="0")
    for n in range(100):  # until the last page of the file has no room left
        if refused.status == 303:
            refused = await visitor.post("/", csrf_token=form.csrf_token, body=f"{n}" * 70)
    pages = [await visitor.get(path) for path in ("/", "/user/ada", "/user/ada/popup")]
    signing_in = await Visitor(app).sign_in("ada")  # a small row, for which there may be room

    assert says_come_back(refused)
    assert [page.status for page in pages] == [200, 200, 200]
    assert signing_in.status == 303 or says_come_back(signing_in)
