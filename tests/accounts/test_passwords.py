"""Hashing, seen from outside."""

import pytest

from quart_popovers.accounts import passwords as module
from quart_popovers.accounts.passwords import (
    HASHER,
    UNKNOWN_PERSON_HASH,
    Slot,
    hash_password,
    verify_password,
)
from tests.hashing import SHIPPED_PARAMETERS

pytestmark = pytest.mark.usefixtures("shipped_hashing")


async def test_a_hash_verifies_its_password_and_no_other() -> None:
    kept = await hash_password("correct horse")

    assert await verify_password("correct horse", kept) == (True, None)
    assert await verify_password("Correct horse", kept) == (False, None)


async def test_hashes_have_the_parameters_that_owasp_recommends() -> None:
    assert (await hash_password("correct horse")).startswith(SHIPPED_PARAMETERS)
    assert UNKNOWN_PERSON_HASH.startswith(SHIPPED_PARAMETERS)


async def test_two_hashes_of_one_password_differ() -> None:
    assert await hash_password("correct horse") != await hash_password("correct horse")


async def test_nobody_is_signed_in_as_an_unknown_person() -> None:
    password = "nobody has this password"

    assert HASHER.verify_and_update(password, UNKNOWN_PERSON_HASH) == (True, None)
    assert await verify_password(password, None) == (False, None)


@pytest.mark.parametrize("password", ["påsswörd 🐎", "x" * 128, "a\0b"])
async def test_any_characters_make_a_password(password: str) -> None:
    assert (await verify_password(password, await hash_password(password)))[0]


class Clock:
    """Time that passes only when somebody works or sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 1000.0
        self.naps_s: list[float] = []
        monkeypatch.setattr(module, "time", self)

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.naps_s.append(seconds)
        self.now_s += seconds

    def work(self, seconds: float) -> None:
        self.now_s += seconds


async def test_hashing_rests_for_as_long_as_it_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slot = Clock(monkeypatch), Slot()

    for _ in range(3):
        await slot.run(clock.work, 2)

    assert clock.naps_s == [0, 2, 2]


async def test_who_comes_after_the_rest_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slot = Clock(monkeypatch), Slot()

    await slot.run(clock.work, 2)
    clock.now_s += 60
    await slot.run(clock.work, 2)

    assert clock.naps_s == [0, 0]


async def test_hashing_rests_after_a_failure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, slot = Clock(monkeypatch), Slot()

    def fail(seconds: float) -> None:
        clock.work(seconds)
        raise ValueError("no hash")

    with pytest.raises(ValueError, match="no hash"):
        await slot.run(fail, 2)
    await slot.run(clock.work, 1)

    assert clock.naps_s == [0, 2]
