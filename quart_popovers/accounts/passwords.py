"""Hashing passwords without standing in a hover's way."""

import asyncio
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet.
HASHER = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))

# Verified when a name is unknown, so that an unknown name takes as long as a wrong password.
UNKNOWN_PERSON_HASH = HASHER.hash("nobody has this password")


def _yield_to_the_event_loop() -> None:
    # Linux gives threads a niceness of their own. At the lowest priority sign-ins starve when
    # both cores are busy (p99 of 9 s in a trial); ten steps keep hovers fast and sign-ins alive.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


# One slot: each hash fills a core and 19 MiB, and with more at once hovers wait for the core.
_slot = ThreadPoolExecutor(1, "passwords", initializer=_yield_to_the_event_loop)


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_slot, HASHER.hash, password)


async def verify_password(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """Tell whether the password is right, and its new hash if the parameters have grown.

    An unknown person (no hash) takes the same time and is never right.
    """
    is_right, new_hash = await asyncio.get_running_loop().run_in_executor(
        _slot, HASHER.verify_and_update, password, password_hash or UNKNOWN_PERSON_HASH
    )
    return (is_right, new_hash) if password_hash else (False, None)
