"""Usernames in URLs."""

import pytest

from tests.visitor import SignIn


@pytest.mark.parametrize(
    "name", ["_ada", "a%20b", "a%2Fb", "%D0%B0da", "x" * 65, "ada%00", "ada%0A", "%F0%9F%90%8E"]
)
async def test_what_cannot_be_a_username_is_a_404_without_a_look_up(
    sign_in: SignIn, statements: list[str], name: str
) -> None:
    ada = await sign_in("ada")
    statements.clear()

    page = await ada.get(f"/user/{name}")

    assert page.status == 404
    assert all("lower(users.username)" not in statement for statement in statements)
