"""The argon2 parameters of a test.

The shipped ones take 20 ms of CPU and then a pause as long, and the suite signs in more than a
thousand times.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pwdlib.hashers import HasherProtocol
from pwdlib.hashers.argon2 import Argon2Hasher

from quart_popovers.accounts import passwords

CHEAP = Argon2Hasher(memory_cost=16, time_cost=1, parallelism=1)
SHIPPED = passwords.HASHER.current_hasher
SHIPPED_PARAMETERS = "$argon2id$v=19$m=19456,t=2,p=1$"


@contextmanager
def hashing_with(hasher: HasherProtocol) -> Iterator[None]:
    """Make and verify hashes with these parameters, in this process."""
    unknown_person_hash = hasher.hash("nobody has this password")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords.HASHER, "hashers", (hasher,))
        patch.setattr(passwords.HASHER, "current_hasher", hasher)
        patch.setattr(passwords, "UNKNOWN_PERSON_HASH", unknown_person_hash)
        yield
