"""Hashing and verifying passwords."""

import pytest

from quart_popovers.accounts.passwords import (
    HASHER,
    UNKNOWN_PERSON_HASH,
    hash_password,
    verify_password,
)
from tests.hashing import SHIPPED_PARAMETERS
from tests.visitor import SignIn, Visitor

TOO_LONG = "x" * 129

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


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        ("/login", {"username": "ada", "password": TOO_LONG}, "password"),
        ("/account/delete", {"current_password": TOO_LONG}, "current_password"),
        ("/account/password", {"current_password": TOO_LONG}, "current_password"),
        ("/register", {"password": TOO_LONG, "confirm_password": TOO_LONG}, "password"),
    ],
)
async def test_a_longer_password_than_anybody_can_have_is_never_hashed(
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    fields: dict[str, str],
    field: str,
) -> None:
    ada = await sign_in("ada")
    visitor = ada if path.startswith("/account") else Visitor(ada.app)
    hashed: list[object] = []
    monkeypatch.setattr(HASHER, "verify_and_update", lambda *given: hashed.append(given))
    monkeypatch.setattr(HASHER, "hash", hashed.append)

    page = await visitor.submit(path, **fields)

    assert page.status == 422
    assert "128 characters" in page.errors_beside(field)
    assert hashed == []
