"""Hashing passwords without standing in a hover's way."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

# argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet.
HASHER = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))

# Verified when a name is unknown, so that an unknown name takes as long as a wrong password.
# Written out, because making it takes 40 ms and 19 MiB that no other use of this module needs.
UNKNOWN_PERSON_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$nOr1DQDc9mfO5v+fFMCPrA$X8x3rype4GdS6FLKb3QD/Otipo0rUhPd/pUxjVyLXN0"
)


def _yield_to_the_event_loop() -> None:
    # Linux gives threads a niceness of their own. At the lowest priority sign-ins starve when
    # both cores are busy (p99 of 9 s in a trial); ten steps keep hovers fast and sign-ins alive.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


class Slot:
    """Hashes one password at a time, and rests after each for as long as it took.

    Each fills a core and 19 MiB: with more at once, or without a pause, hovers wait for the core
    (figures in docs/performance.md). Whoever comes later than the rest lasts waits for nothing.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "passwords", initializer=_yield_to_the_event_loop)
        self._rests_until = 0.0

    async def run(self, work: Callable[[*Given], Result], *given: *Given) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._rest_and_run, work, *given)

    def _rest_and_run(self, work: Callable[[*Given], Result], *given: *Given) -> Result:
        time.sleep(max(0, self._rests_until - time.monotonic()))
        began_at = time.monotonic()
        try:
            return work(*given)
        finally:
            ended_at = time.monotonic()
            self._rests_until = ended_at + (ended_at - began_at)


_slot = Slot()


async def hash_password(password: str) -> str:
    return await _slot.run(HASHER.hash, password)


async def verify_password(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """Tell whether the password is right, and its new hash if the parameters have grown.

    An unknown person (no hash) takes the same time and is never right.
    """
    is_right, new_hash = await _slot.run(
        HASHER.verify_and_update, password, password_hash or UNKNOWN_PERSON_HASH
    )
    return (is_right, new_hash) if password_hash else (False, None)
