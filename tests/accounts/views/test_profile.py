"""Edit profile."""

import asyncio

import pytest
from sqlalchemy import select

from quart_popovers.accounts.forms import USERNAME_TAKEN
from quart_popovers.models import User
from quart_popovers.settings import Settings
from tests.visitor import Fetch, MakeUser, SignIn

FAMILY = "👨‍👩‍👧‍👦"


async def test_the_form_is_prefilled(sign_in: SignIn) -> None:
    ada = await sign_in("ada", about_me="I count.\nOn you.")

    page = await ada.get("/edit-profile")

    assert (page.status, page.value_of("username")) == (200, "ada")
    assert page.value_of("about_me") == "I count.\nOn you."


async def test_changes_are_saved_and_shown(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    page = await ada.submit("/edit-profile", username="Ada.L", about_me=" New\r\nwords ")
    shown = await ada.follow(page)

    assert (page.status, page.location) == (303, "/user/Ada.L")
    assert shown.flashes == ["Your changes have been saved."]
    assert "New\nwords</p>" in shown.text
    assert (await ada.get("/edit-profile")).value_of("about_me") == "New\nwords"


async def test_old_links_to_a_renamed_person_are_a_404(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    await ada.submit("/edit-profile", username="countess", about_me="")

    page, card = await ada.get("/user/ada"), await ada.get("/user/ada/popup")

    assert (page.status, card.status) == (404, 404)


async def test_a_person_may_keep_the_name_or_change_its_case(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    same = await ada.submit("/edit-profile", username="ada", about_me="x")
    other_case = await ada.submit("/edit-profile", username="ADA", about_me="x")

    assert (same.status, other_case.status) == (303, 303)


async def test_a_taken_name_is_a_message_and_nothing_is_saved(
    sign_in: SignIn, make_user: MakeUser, fetch: Fetch
) -> None:
    ada = await sign_in("ada")
    await make_user("Bo")

    page = await ada.submit("/edit-profile", username="BO", about_me="kept for me")

    assert (page.status, page.errors_beside("username")) == (422, USERNAME_TAKEN)
    assert page.value_of("username") == "BO"
    assert page.value_of("about_me") == "kept for me"
    assert await fetch(select(User.username).order_by(User.id)) == [("ada",), ("Bo",)]


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"username": ""}, "username", "Choose a username."),
        ({"username": "a/b"}, "username", "Use letters"),
        ({"username": "x" * 65}, "username", "at most 64"),
        ({"about_me": "x" * 141}, "about_me", "At most 140 characters, please: this has 141."),
        ({"about_me": FAMILY * 141}, "about_me", "this has 141."),
    ],
)
async def test_bad_input_is_a_message_beside_its_field(
    sign_in: SignIn, fields: dict[str, str], field: str, message: str
) -> None:
    ada = await sign_in("ada")

    page = await ada.submit("/edit-profile", **({"username": "ada", "about_me": ""} | fields))

    assert page.status == 422
    assert message in page.errors_beside(field)
    assert page.value_of(field) == fields[field]


@pytest.mark.parametrize("about_me", ["x" * 140, FAMILY * 140, "a\r\n" * 69 + "bc"])
async def test_about_me_may_have_140_characters_as_a_person_counts_them(
    sign_in: SignIn, about_me: str
) -> None:
    ada = await sign_in("ada")

    page = await ada.submit("/edit-profile", username="ada", about_me=about_me)

    assert page.status == 303


async def test_of_two_people_who_take_one_name_at_once_one_gets_it(
    sign_in: SignIn, fetch: Fetch
) -> None:
    people = [await sign_in("ada"), await sign_in("bo")]
    forms = [await person.get("/edit-profile") for person in people]

    pages = await asyncio.gather(
        *(
            person.post("/edit-profile", csrf_token=form.csrf_token, username="same", about_me="")
            for person, form in zip(people, forms, strict=True)
        )
    )

    assert sorted(page.status for page in pages) == [303, 422]
    refused = max(pages, key=lambda page: page.status)
    assert refused.errors_beside("username") == USERNAME_TAKEN
    assert len(await fetch(select(User.id).where(User.username == "same"))) == 1


async def test_without_gravatars_there_is_no_picture_to_choose(
    sign_in: SignIn, fetch: Fetch
) -> None:
    ada = await sign_in("ada")

    form = await ada.get("/edit-profile")
    await ada.submit("/edit-profile", username="ada", about_me="", picture="drawn")

    assert "Picture" not in form.text
    assert await fetch(select(User.picture)) == [("gravatar",)]


class TestWithGravatars:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"avatars": "gravatar"})

    async def test_a_person_chooses_the_drawn_picture(self, sign_in: SignIn, fetch: Fetch) -> None:
        ada = await sign_in("ada")
        form = await ada.get("/edit-profile")

        page = await ada.submit("/edit-profile", username="ada", about_me="", picture="drawn")

        assert '<option selected value="gravatar">Gravatar</option>' in form.text
        assert page.status == 303
        assert await fetch(select(User.picture)) == [("drawn",)]
        form = await ada.get("/edit-profile")
        assert '<option selected value="drawn">Drawn</option>' in form.text

    async def test_a_picture_that_is_no_choice_is_refused(
        self, sign_in: SignIn, fetch: Fetch
    ) -> None:
        ada = await sign_in("ada")

        page = await ada.submit("/edit-profile", username="ada", about_me="", picture="stolen")

        assert (page.status, page.errors_beside("picture")) == (422, "Not a valid choice.")
        assert await fetch(select(User.picture)) == [("gravatar",)]
