"""Rate limits that several workers share, and what happens when Redis is away."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from quart import Quart

from quart_popovers import create_app
from quart_popovers.services import services
from quart_popovers.settings import Settings
from quart_popovers.web import rate_limits, shared_counters
from quart_popovers.web.rate_limits import HOVERS_AT_ONCE, POSTS, RateLimits
from quart_popovers.web.shared_buckets import LEASE
from quart_popovers.web.shared_counters import SharedCounters
from tests.serving.redis_server import Redis, find_redis
from tests.serving.server import GIVE_UP_S
from tests.visitor import MakeUser, Page, SignIn, Visitor


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[Redis]:
    async with Redis(find_redis(), tmp_path) as redis:
        yield redis


@pytest.fixture
def no_refill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "HOVERS_PER_S", 0.001)


@pytest.fixture
def settings(settings: Settings, redis: Redis) -> Settings:
    return settings.model_copy(update={"rate_limits": True, "redis_url": redis.url})


@pytest.fixture
async def other_worker(settings: Settings) -> AsyncIterator[Quart]:
    app = create_app(settings)
    async with app.test_app():
        yield app


async def guess(visitor: Visitor, number: int) -> list[Page]:
    return [await visitor.sign_in("ada", "wrong") for _ in range(number)]


async def test_all_workers_count_together(
    visitor: Visitor, other_worker: Quart, make_user: MakeUser
) -> None:
    await make_user("ada")

    here = await guess(visitor, 5)
    there = await guess(Visitor(other_worker), 6)

    assert [page.status for page in here + there] == [422] * 10 + [429]
    assert 0 < int(there[-1].headers["retry-after"]) <= 30


@pytest.mark.usefixtures("no_refill")
async def test_all_workers_count_hovers_together(sign_in: SignIn, other_worker: Quart) -> None:
    ada, elsewhere = await sign_in("ada"), Visitor(other_worker)
    elsewhere.steal_cookies_of(ada)

    cards = [
        await browser.get("/user/ada/popup")
        for _ in range(HOVERS_AT_ONCE)
        for browser in (ada, elsewhere)
    ]

    statuses = [card.status for card in cards]
    assert statuses[:HOVERS_AT_ONCE] == [200] * HOVERS_AT_ONCE
    assert HOVERS_AT_ONCE <= statuses.count(200) <= HOVERS_AT_ONCE + 2 * LEASE
    assert statuses[-1] == 429


async def test_hovers_are_reported_without_a_further_request(sign_in: SignIn, redis: Redis) -> None:
    ada = await sign_in("ada")
    before = redis.keys()

    await ada.get("/user/ada/popup")

    async with asyncio.timeout(GIVE_UP_S):
        while len(redis.keys()) == len(before):  # noqa: ASYNC110 (Redis has no event for it)
            await asyncio.sleep(0.01)


async def test_redis_is_told_no_name_and_no_address(
    app: Quart, visitor: Visitor, redis: Redis, make_user: MakeUser
) -> None:
    await make_user("ada")
    await visitor.sign_in("ada@example.com", "wrong")
    await visitor.sign_in("ada")
    await visitor.post_comment("Hello")
    before = redis.keys()
    await visitor.get("/user/ada/popup")
    limits = services(app).rate_limits
    assert limits
    await limits.close()

    keys = redis.keys()

    assert len(before) >= 3
    assert len(keys) == len(before) + 1
    assert not any(b"ada" in key or b"example" in key or b"127.0" in key for key in keys)


@pytest.mark.parametrize("how", ["stop", "freeze"])
async def test_while_redis_is_away_each_worker_counts_by_itself_and_the_log_says_so(
    sign_in: SignIn, app: Quart, redis: Redis, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    ada = await sign_in("ada")
    await redis.stop() if how == "stop" else redis.freeze()

    with caplog.at_level(logging.WARNING):
        started_at = time.monotonic()
        cards = [await ada.get("/user/ada/popup") for _ in range(5)]
        took_s = time.monotonic() - started_at
        posted = await ada.post_comment("Hello")
        guesses = await guess(Visitor(app), 12)

    assert {card.status for card in cards} == {200}
    assert posted.status == 303
    assert [page.status for page in guesses] == [422] * 10 + [429] * 2
    assert took_s < shared_counters.AWAY_S
    warnings = [it.message for it in caplog.records if "Redis" in it.message]
    assert warnings[0].startswith("Redis is away, each worker counts by itself: ")
    assert len(warnings) < 5  # one each few seconds, not one a request


async def test_when_redis_is_back_it_counts_again(
    visitor: Visitor, make_user: MakeUser, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_user("ada")
    monkeypatch.setattr(shared_counters, "AWAY_S", 0)
    await redis.stop()
    while_away = await guess(visitor, 12)
    await redis.start()

    after = await guess(visitor, 11)

    assert [page.status for page in while_away] == [422] * 10 + [429] * 2
    assert [page.status for page in after] == [422] * 10 + [429]


async def test_a_redis_that_was_never_there_does_not_stop_the_start(
    settings: Settings, make_user: MakeUser, redis: Redis
) -> None:
    await make_user("ada")
    await redis.stop()
    app = create_app(settings)
    async with app.test_app():
        page = await Visitor(app).sign_in("ada")

    assert page.status == 303


async def test_many_requests_at_once_share_a_few_connections(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_counters, "PATIENCE_S", 60)  # also on a busy machine
    limits = RateLimits(b"secret", SharedCounters(redis.url))

    before = redis.connections_received()

    waits = await asyncio.gather(*(limits.wait_for(POSTS, f"{n}") for n in range(500)))
    await limits.close()

    assert waits == [0] * 500
    opened = redis.connections_received() - 1 - before
    assert 0 < opened <= shared_counters.MOST_CONNECTIONS
