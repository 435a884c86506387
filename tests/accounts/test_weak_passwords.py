"""Weak passwords."""

import pytest

from quart_popovers.accounts.weak_passwords import (
    NO_SECRET,
    TOO_COMMON,
    common_passwords,
    explain_weakness,
)
from tests.visitor import PASSWORD, Visitor


@pytest.mark.parametrize(
    "password", ["password", "Password", "PASSWORD", " 12345678", "qwertyuiop", "trustno1"]
)
async def test_a_common_password_is_refused_beside_its_field(
    visitor: Visitor, password: str
) -> None:
    page = await visitor.register("ada", password=password, confirm_password=password)

    assert page.status == 422
    assert page.errors_beside("password") == TOO_COMMON
    assert page.errors_beside("username") == page.errors_beside("email") == ""


@pytest.mark.parametrize(
    "password", ["ada.lovelace", "Ada.Lovelace", "countess@example.com", "COUNTESS"]
)
async def test_name_and_address_are_refused_as_password(visitor: Visitor, password: str) -> None:
    page = await visitor.register(
        "ada.lovelace",
        email="countess@example.com",
        password=password,
        confirm_password=password,
    )

    assert page.status == 422
    assert page.errors_beside("password") == NO_SECRET


@pytest.mark.parametrize(
    "password", [PASSWORD, "correct horse battery staple", "Tr0ub4dour&3", "påsswörd 🐎", "x" * 128]
)
async def test_other_passwords_are_accepted(password: str) -> None:
    assert await explain_weakness(password, "ada", "ada@example.com") is None


def test_the_list_is_long_enough() -> None:
    """OWASP ASVS 6.2.4: at least the 3,000 most common ones that the policy would accept."""
    assert sum(len(password) >= 8 for password in common_passwords()) > 10_000


@pytest.mark.parametrize(
    ("path", "field", "purpose"),
    [
        ("/register", "username", "username"),
        ("/register", "email", "email"),
        ("/register", "password", "new-password"),
        ("/register", "confirm_password", "new-password"),
        ("/login", "username", "username"),
        ("/login", "password", "current-password"),
    ],
)
async def test_password_managers_know_what_the_fields_are(
    visitor: Visitor, path: str, field: str, purpose: str
) -> None:
    page = await visitor.get(path)

    [tag] = [tag for tag in page.text.split("<input ")[1:] if f'id="{field}"' in tag]
    assert f'autocomplete="{purpose}"' in tag.split(">")[0]
    assert "onpaste" not in page.text
