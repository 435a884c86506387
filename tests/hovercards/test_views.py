"""The popup endpoint, as the contract promises it."""

from datetime import UTC, datetime

import pytest

from tests.visitor import MakeUser, SignIn, Visitor

MOMENT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


async def test_a_card_shows_the_person_as_a_fragment(sign_in: SignIn, make_user: MakeUser) -> None:
    await make_user("bo", about_me="I <3 bows", created_at=MOMENT, last_seen=MOMENT, post_count=12)
    ada = await sign_in("ada")

    card = await ada.get("/user/bo/popup")

    assert card.status == 200
    assert card.text.startswith('<article class="card" data-username="bo">')
    assert 'href="/user/bo"><bdi>bo</bdi></a>' in card.text
    assert "I &lt;3 bows" in card.text
    assert card.facts["Comments"] == "12"
    assert card.facts["Member since"] == "May 2024"
    assert card.text.count('datetime="2024-05-06T07:08:09Z"') == 2
    assert '<img src="/avatars/' in card.text
    assert card.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("spelling", ["ada.l", "ADA.L"])
async def test_any_case_of_the_name_finds_the_person(
    sign_in: SignIn, make_user: MakeUser, spelling: str
) -> None:
    await make_user("Ada.L")
    bo = await sign_in("bo")

    card = await bo.get(f"/user/{spelling}/popup")

    assert 'data-username="Ada.L"' in card.text


async def test_an_unchanged_card_is_a_304_and_a_changed_one_is_not(
    sign_in: SignIn,
) -> None:
    ada = await sign_in("ada")
    first = await ada.get("/user/ada/popup")
    etag = {"If-None-Match": first.headers["etag"]}

    unchanged = await ada.get("/user/ada/popup", headers=etag)
    await ada.submit("/edit-profile", username="ada", about_me="Something new")
    changed = await ada.get("/user/ada/popup", headers=etag)

    assert (unchanged.status, unchanged.text) == (304, "")
    assert unchanged.headers["etag"] == first.headers["etag"]
    assert (changed.status, "Something new" in changed.text) == (200, True)


async def test_a_guest_gets_401_and_a_fragment_never_a_redirect(
    visitor: Visitor, make_user: MakeUser
) -> None:
    await make_user("ada")

    card = await visitor.get("/user/ada/popup")

    assert (card.status, card.location) == (401, None)
    assert card.text.startswith('<p class="error"')


async def test_an_unknown_person_is_a_404_fragment(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    card = await ada.get("/user/nobody/popup")

    assert card.status == 404
    assert card.text.strip() == '<p class="error" role="alert">This person is no longer here.</p>'


async def test_a_name_that_cannot_be_is_a_404(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    assert (await ada.get("/user/a%20b/popup")).status == 404


async def test_a_hover_is_one_statement_and_writes_nothing(
    sign_in: SignIn, make_user: MakeUser, statements: list[str]
) -> None:
    await make_user("bo")
    ada = await sign_in("ada")
    await ada.get("/user/bo/popup")  # with which PostgreSQL's driver learns its types, once
    statements.clear()

    card = await ada.get("/user/bo/popup")

    [only] = statements
    assert only.startswith("SELECT")
    assert (card.status, card.set_cookies) == (200, ())
