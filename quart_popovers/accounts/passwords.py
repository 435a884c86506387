"""Hashing and verifying passwords."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from .hashing_queue import HashingQueue

# argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet.
HASHER = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))

# Verified when a name is unknown, so that an unknown name takes as long as a wrong password.
# Written out, because making it takes 40 ms and 19 MiB that no other use of this module needs.
UNKNOWN_PERSON_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$nOr1DQDc9mfO5v+fFMCPrA$X8x3rype4GdS6FLKb3QD/Otipo0rUhPd/pUxjVyLXN0"
)

_queue = HashingQueue()


def refuse_when_busy(*, is_known: bool) -> None:
    """Raise HashingBusy if the next password would have to wait too long."""
    _queue.refuse_when_full(is_known=is_known)


async def hash_password(password: str, *, is_known: bool = False) -> str:
    """`is_known` is whether the browser goes before strangers. Raises HashingBusy."""
    return await _queue.run(HASHER.hash, password, is_known=is_known)


async def verify_password(
    password: str, password_hash: str | None, *, is_known: bool = False
) -> tuple[bool, str | None]:
    """Whether the password is right, and its new hash if the parameters have grown.

    An unknown person (no hash) takes the same time and is never right. Raises HashingBusy.
    """
    is_right, new_hash = await _queue.run(
        HASHER.verify_and_update, password, password_hash or UNKNOWN_PERSON_HASH, is_known=is_known
    )
    return (is_right, new_hash) if password_hash else (False, None)
