"""Buckets that workers share: several of them in this process, and a real Redis."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from quart_popovers.web import shared_buckets, shared_counters
from quart_popovers.web.buckets import Buckets
from quart_popovers.web.shared_buckets import LEASE, SharedBuckets
from quart_popovers.web.shared_counters import SharedCounters
from tests.serving.redis_server import Redis, find_redis

CAPACITY = 40
REFILL_S = 1000  # nothing comes back while a test runs
WORKERS = 3
AT_MOST = CAPACITY + WORKERS * LEASE


@pytest.fixture
async def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Redis]:
    monkeypatch.setattr(shared_counters, "PATIENCE_S", 60)  # also on a busy machine
    async with Redis(find_redis(), tmp_path) as redis:
        yield redis


@asynccontextmanager
async def open_worker(redis: Redis) -> AsyncIterator[SharedBuckets]:
    shared = SharedCounters(redis.url)
    buckets = Buckets(CAPACITY, 1 / REFILL_S)
    yield SharedBuckets(buckets, shared, lambda key: f"{key} in Redis")
    await shared.close()


@pytest.fixture
async def workers(redis: Redis) -> AsyncIterator[list[SharedBuckets]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_worker(redis)) for _ in range(WORKERS)]


@pytest.fixture
def worker(workers: list[SharedBuckets]) -> SharedBuckets:
    return workers[0]


@contextmanager
def frozen(redis: Redis) -> Iterator[None]:
    redis.freeze()
    try:
        yield
    finally:
        redis.thaw()


async def take(worker: SharedBuckets, times: int, key: str = "ada") -> int:
    """How many of these are let through."""
    return [await worker.take(key) for _ in range(times)].count(0)


def takes_at_once(worker: SharedBuckets, times: int, key: str = "ada") -> list[float]:
    """Takes that have their answer without waiting for anything."""
    answers = []
    for _ in range(times):
        with pytest.raises(StopIteration) as done:
            worker.take(key).send(None)
        answers.append(done.value.value)
    return answers


def redis_full_in_s(redis: Redis) -> float:
    """When Redis forgets Ada's bucket."""
    [milliseconds] = redis.lines("PTTL", "quart-popovers:ada in Redis")
    return int(milliseconds) / 1000


async def test_within_a_lease_nobody_waits_for_redis(worker: SharedBuckets, redis: Redis) -> None:
    with frozen(redis):
        answers = [takes_at_once(worker, LEASE, f"sign-in {n}") for n in range(50)]

    assert answers == [[0] * LEASE] * 50


async def test_one_worker_lets_through_as_many_as_without_redis(worker: SharedBuckets) -> None:
    let_through = await take(worker, 2 * CAPACITY)

    assert let_through == CAPACITY


async def test_workers_in_turns_let_through_the_limit_and_a_lease_each(
    workers: list[SharedBuckets],
) -> None:
    let_through = 0
    for _ in range(2 * CAPACITY):
        let_through += sum([await take(worker, 1) for worker in workers])

    assert let_through == AT_MOST


async def test_workers_at_once_let_through_no_more_than_the_limit_and_a_lease_each(
    workers: list[SharedBuckets],
) -> None:
    waits = await asyncio.gather(
        *(worker.take("ada") for _ in range(2 * CAPACITY) for worker in workers)
    )

    assert CAPACITY <= waits.count(0) <= AT_MOST


@pytest.mark.parametrize("seed", range(20))
async def test_no_order_of_takes_and_reports_lets_more_through(
    workers: list[SharedBuckets], seed: int
) -> None:
    chance = random.Random(seed)
    let_through = 0
    for _ in range(100):
        worker = chance.choice(workers)
        if chance.random() < 0.2:
            await worker.report()
        let_through += await take(worker, chance.randint(1, 15))

    assert CAPACITY <= let_through <= AT_MOST


async def test_a_worker_hears_at_its_report_what_the_others_let_through(
    workers: list[SharedBuckets],
) -> None:
    here, elsewhere, _ = workers
    await take(elsewhere, CAPACITY)
    await elsewhere.report()

    before = await take(here, 1)
    await here.report()
    after = await here.take("ada")

    assert before == 1
    assert REFILL_S < after <= 2 * REFILL_S


async def test_workers_do_not_count_the_takes_of_others_under_one_key(
    workers: list[SharedBuckets],
) -> None:
    here, elsewhere, _ = workers
    await take(elsewhere, CAPACITY + 1)
    await elsewhere.report()

    assert await take(here, CAPACITY + 1, "bo") == CAPACITY


async def test_all_that_was_let_through_is_one_question(
    worker: SharedBuckets, redis: Redis
) -> None:
    await take(worker, 1)
    await worker.report()
    before = redis.calls_of("evalsha")
    for n in range(300):
        takes_at_once(worker, 3, f"sign-in {n}")

    await worker.report()

    assert redis.calls_of("evalsha") == before + 1
    assert len(redis.keys()) >= 300


async def test_takes_beyond_a_lease_share_the_report(worker: SharedBuckets, redis: Redis) -> None:
    await take(worker, 1, "bo")
    await worker.report()
    before = redis.calls_of("evalsha")

    waits = await asyncio.gather(*(worker.take("ada") for _ in range(500)))

    assert waits.count(0) == CAPACITY
    assert redis.calls_of("evalsha") == before + CAPACITY / LEASE


async def test_a_cancelled_take_cancels_the_report_for_nobody(
    worker: SharedBuckets, redis: Redis
) -> None:
    with frozen(redis):
        takes_at_once(worker, LEASE)
        waiting = [asyncio.create_task(worker.take("ada")) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.wait(waiting[:1])
        still_wait = not any(task.done() for task in waiting[1:])

    assert still_wait
    assert await asyncio.gather(*waiting[1:]) == [0, 0]
    assert waiting[0].cancelled()


async def test_what_is_let_through_during_a_report_is_reported_next(
    worker: SharedBuckets, redis: Redis
) -> None:
    with frozen(redis):
        takes_at_once(worker, 4)
        reporting = asyncio.create_task(worker.report())
        for _ in range(5):  # turns of the event loop, until it has been sent
            await asyncio.sleep(0)
        takes_at_once(worker, 1)
        closing = asyncio.create_task(worker.close())
        await asyncio.sleep(0)
    await asyncio.gather(reporting, closing)

    assert 4 * REFILL_S < redis_full_in_s(redis) <= 5 * REFILL_S


async def test_while_redis_is_away_a_worker_goes_by_its_own_bucket(
    worker: SharedBuckets, redis: Redis
) -> None:
    await redis.stop()

    let_through = await take(worker, 2 * CAPACITY)
    await worker.close()

    assert let_through == CAPACITY


async def test_a_worker_reports_before_it_has_let_too_many_sign_ins_through(
    worker: SharedBuckets, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_buckets, "MOST_UNREPORTED", 3)
    for n in range(3):
        takes_at_once(worker, 1, f"sign-in {n}")
    before = redis.keys()

    await take(worker, 1, "ada")

    assert before == []
    assert len(redis.keys()) == 3


async def test_redis_forgets_a_bucket_when_it_is_full_again(
    worker: SharedBuckets, redis: Redis
) -> None:
    await take(worker, 3)

    await worker.report()

    assert 2 * REFILL_S < redis_full_in_s(redis) <= 3 * REFILL_S


async def test_what_is_left_is_reported_at_the_end(workers: list[SharedBuckets]) -> None:
    here, elsewhere, _ = workers
    await take(here, CAPACITY)

    await here.close()

    assert await take(elsewhere, CAPACITY) == LEASE
