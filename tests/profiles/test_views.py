"""A person's page."""

import re
from datetime import UTC, datetime

import pytest

from tests.visitor import MakePost, MakeUser, SignIn


async def test_a_profile_shows_what_everybody_may_see(
    sign_in: SignIn, make_user: MakeUser, make_post: MakePost
) -> None:
    moment = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    bo = await make_user(
        "bo", about_me="I bow.", created_at=moment, last_seen=moment, post_count=12
    )
    await make_post(bo, "Said by bo")
    await make_post(await make_user("chidi"), "Said by another")
    ada = await sign_in("ada")

    page = await ada.get("/user/bo")

    assert page.status == 200
    assert "<bdi>bo</bdi></h1>" in page.text
    assert "I bow." in page.text
    assert page.facts["Member since"] == "May 2024"
    assert re.fullmatch(r"\d+ years? ago", page.facts["Last seen"])
    assert page.facts["Comments"] == "12"
    assert page.text.count('datetime="2024-05-06T07:08:09Z"') >= 2
    assert re.search(r'<img src="/avatars/\d+-[0-9a-f]{32}\.svg\?v=drawn"', page.text)
    assert page.comments == ["Said by bo"]


async def test_address_and_edit_link_are_only_for_oneself(
    sign_in: SignIn, make_user: MakeUser, make_post: MakePost
) -> None:
    await make_post(await make_user("bo", email="secret@example.com"))
    ada = await sign_in("ada", email="own@example.com")

    own = await ada.get("/user/ada")
    of_another = [await ada.get(path) for path in ("/user/bo", "/user/bo/popup", "/")]

    assert "own@example.com" in own.text
    assert "Edit profile" in own.text
    for page in of_another:
        assert "@example.com" not in page.text
        assert "Edit profile" not in page.text


async def test_a_person_who_said_nothing_has_a_page_too(
    sign_in: SignIn, make_user: MakeUser
) -> None:
    await make_user("bo")
    ada = await sign_in("ada")

    page = await ada.get("/user/bo")

    assert (page.status, page.post_ids) == (200, [])
    assert "No comments yet." in page.text


async def test_an_unknown_name_is_a_404_page(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/user/nobody")

    assert page.status == 404
    assert "There is no person with this name." in page.text
    assert "Sign out" in page.navigation


@pytest.mark.parametrize("spelling", ["ADA.l", "ada.L", "ADA.L"])
async def test_another_case_of_the_name_leads_to_the_right_one(
    sign_in: SignIn, make_user: MakeUser, spelling: str
) -> None:
    await make_user("ada.l")
    bo = await sign_in("bo")

    page = await bo.get(f"/user/{spelling}")

    assert (page.status, page.location) == (303, "/user/ada.l")


async def test_a_profile_takes_two_statements(
    sign_in: SignIn, make_user: MakeUser, make_post: MakePost, statements: list[str]
) -> None:
    await make_post(await make_user("bo"))
    ada = await sign_in("ada")
    statements.clear()

    await ada.get("/user/bo")

    viewer, person = statements
    assert "sign_ins" in viewer
    assert "posts" in person
