"""Token buckets: so many at once, then as fast as they fill up again."""

import pytest

from quart_popovers.web import buckets
from quart_popovers.web.buckets import Buckets


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_full_bucket_gives_all_at_once_and_then_one_at_a_time() -> None:
    clock = Clock()
    kept = Buckets(40, 2, clock)

    at_once = [kept.take("ada") for _ in range(42)]
    clock.now += 0.5
    after_half_a_second = [kept.take("ada") for _ in range(2)]

    assert at_once[:40] == [0] * 40
    assert at_once[40:] == [0.5, 0.5]
    assert after_half_a_second == [0, 0.5]


def test_a_minute_of_hovering_gives_as_many_as_there_were_and_120_more() -> None:
    clock = Clock()
    kept = Buckets(40, 2, clock)

    let_through = 0
    for _ in range(600):
        let_through += kept.take("ada") == 0
        clock.now += 0.1

    assert 40 + 118 <= let_through <= 40 + 120


def test_one_does_not_empty_the_bucket_of_another() -> None:
    kept = Buckets(1, 1, Clock())

    taken = [kept.take("ada"), kept.take("ada"), kept.take("bo")]

    assert taken == [0, 1, 0]


def test_who_waits_as_long_as_told_is_let_through() -> None:
    clock = Clock()
    kept = Buckets(3, 0.7, clock)
    while (wait_s := kept.take("ada")) == 0:
        pass

    clock.now += wait_s

    assert kept.take("ada") == 0


def test_full_buckets_are_forgotten_two_at_a_time() -> None:
    clock = Clock()
    kept = Buckets(40, 2, clock)
    for number in range(1000):
        kept.take(f"sign-in {number}")
    clock.now += 20

    kept.take("ada")
    after_one = len(kept)
    for _ in range(500):
        clock.now += 0.5
        kept.take("ada")

    assert after_one == 1000 + 1 - 2
    assert len(kept) == 1


def test_a_bucket_is_full_from_the_moment_on_at_which_one_is_refilled() -> None:
    clock = Clock()
    kept = Buckets(40, 2, clock)
    kept.take("ada")
    clock.now += 0.5

    kept.take("bo")

    assert len(kept) == 1


def test_buckets_in_use_are_kept() -> None:
    kept = Buckets(1, 0.01, Clock())
    people = [f"sign-in {number}" for number in range(buckets.MOST_KEPT)]

    first = [kept.take(person) for person in people]
    second = [kept.take(person) for person in people]

    assert not any(first)
    assert all(second)


def test_memory_is_bounded_and_the_least_recently_used_bucket_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(buckets, "MOST_KEPT", 3)
    clock = Clock()
    kept = Buckets(2, 0.001, clock)
    for key in ("ada", "bo", "chidi", "ada", "dora"):
        kept.take(key)
        clock.now += 1

    assert len(kept) == 3
    assert kept.take("ada") > 0
    assert [kept.take("bo"), kept.take("bo")] == [0, 0]


def test_what_was_taken_elsewhere_counts_and_never_fills_a_bucket() -> None:
    clock = Clock()
    kept = Buckets(40, 2, clock)

    kept.drain("ada", 21)
    overdrawn = kept.take("ada")
    kept.drain("ada", 1)
    still = kept.take("ada")

    assert overdrawn == still == 1.5
    clock.now += 1.5
    assert [kept.take("ada"), kept.take("ada")] == [0, 0.5]
