"""Counters in memory: constant time, bounded memory, and otherwise as `limits` counts."""

from collections import OrderedDict
from collections.abc import Iterator

import pytest
from limits import parse
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from quart_popovers.web import counters as module
from quart_popovers.web.counters import Counter, Counters


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(module, "time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def test_a_counter_counts_until_it_expires(clock: Clock) -> None:
    counters = Counters()

    counted = [await counters.incr("ada", 60) for _ in range(3)]
    expires_at = await counters.get_expiry("ada")
    clock.now += 59
    before = await counters.get("ada")
    clock.now += 1
    after = await counters.get("ada")

    assert counted == [1, 2, 3]
    assert expires_at == 1060
    assert (before, after) == (3, 0)
    assert await counters.get_expiry("ada") == clock.now
    assert await counters.incr("ada", 60) == 1


async def test_counting_down_stops_at_zero(clock: Clock) -> None:  # noqa: ARG001
    counters = Counters()
    await counters.incr("ada", 60, amount=3)

    assert [await counters.decr("ada") for _ in range(4)] == [2, 1, 0, 0]
    assert await counters.decr("nobody") == 0
    assert len(counters) == 1


async def test_a_cleared_counter_is_gone(clock: Clock) -> None:  # noqa: ARG001
    counters = Counters()
    await counters.incr("ada", 60)

    await counters.clear("ada")
    await counters.clear("nobody")

    assert (await counters.get("ada"), len(counters)) == (0, 0)


async def test_expired_counters_are_forgotten_two_for_each_new_one(clock: Clock) -> None:
    counters = Counters()
    for number in range(1000):
        await counters.incr(f"old {number}", 60)
    await counters.incr("lasting", 3600)
    clock.now += 60

    for number in range(501):
        await counters.incr(f"new {number}", 60)

    assert len(counters) == 502
    assert await counters.get("lasting") == 1


async def test_counting_looks_at_few_other_counters_however_many_there_are(clock: Clock) -> None:
    class Watched(OrderedDict[str, Counter]):
        looked_at = 0

        def popitem(self, last: bool = True) -> tuple[str, Counter]:
            Watched.looked_at += 1
            return super().popitem(last)

        def __iter__(self) -> Iterator[str]:
            raise AssertionError("all of them were looked at")

    counters = Counters()
    counters._counters = Watched()
    for number in range(5000):
        await counters.incr(f"{number}", 60)
        await counters.incr(f"{number}", 60)
        clock.now += 0.001

    assert Watched.looked_at <= 2 * 5000


async def test_memory_is_bounded_and_the_counters_in_use_are_kept(
    clock: Clock,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 100)
    counters = Counters()

    for number in range(1000):
        await counters.incr(f"{number}", 3600)

    assert len(counters) == 100


async def test_the_windows_of_limits_work_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    monkeypatch.setattr("limits.aio.storage.memory.time.time", lambda: clock.now)
    windows, three = SlidingWindowCounterRateLimiter(Counters()), parse("3 per minute")

    at_first = [await windows.hit(three, "ada") for _ in range(4)]
    for_another = await windows.hit(three, "bo")
    clock.now += 120
    later = await windows.hit(three, "ada")
    await windows.clear(three, "ada")
    cleared = [await windows.hit(three, "ada") for _ in range(4)]

    assert at_first == [True, True, True, False]
    assert (for_another, later) == (True, True)
    assert cleared == [True, True, True, False]
