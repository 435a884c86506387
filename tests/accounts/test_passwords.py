"""Hashing, seen from outside."""

import pytest

from quart_popovers.accounts.passwords import (
    HASHER,
    UNKNOWN_PERSON_HASH,
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
