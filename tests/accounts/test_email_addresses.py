"""One spelling for all spellings of a name or an address."""

import pytest
from sqlalchemy import select

from quart_popovers import create_app
from quart_popovers.accounts.email_addresses import normalise_name
from quart_popovers.accounts.forms import EMAIL_TAKEN
from quart_popovers.models import User
from quart_popovers.settings import Settings
from tests.limits import guess
from tests.visitor import Fetch, MakeUser, Visitor

COMPOSED = "jos\N{LATIN SMALL LETTER E WITH ACUTE}@m\N{LATIN SMALL LETTER U WITH DIAERESIS}nchen.de"
SPELLINGS = [
    COMPOSED,
    COMPOSED.upper(),
    "jose\N{COMBINING ACUTE ACCENT}@mu\N{COMBINING DIAERESIS}nchen.de",
    "jos\N{LATIN SMALL LETTER E WITH ACUTE}@xn--mnchen-3ya.de",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_of_an_address_is_normalised_to_one(typed: str) -> None:
    assert normalise_name(typed) == COMPOSED


@pytest.mark.parametrize("typed", ["Ada", " ada ", "ada"])
def test_what_is_no_address_is_a_username_in_lower_case(typed: str) -> None:
    assert normalise_name(typed) == "ada"


@pytest.mark.parametrize("typed", ["", "@", "a@", "@b", "ada@example", "\N{SNOWMAN}" * 200])
def test_any_text_is_a_name(typed: str) -> None:
    assert normalise_name(typed) == typed


async def test_an_address_is_kept_normalised_and_found_by_every_spelling(
    visitor: Visitor, fetch: Fetch
) -> None:
    registered = await visitor.register("jose", email=SPELLINGS[2])

    signed_in = [(await Visitor(visitor.app).sign_in(typed)).status for typed in SPELLINGS]

    assert registered.status == 303
    assert await fetch(select(User.email)) == [(COMPOSED,)]
    assert signed_in == [303] * len(SPELLINGS)


async def test_an_address_is_taken_in_every_spelling(visitor: Visitor, make_user: MakeUser) -> None:
    await make_user("jose", email=COMPOSED)

    pages = [await visitor.register("bo", email=typed) for typed in SPELLINGS]

    assert {page.errors_beside("email") for page in pages} == {EMAIL_TAKEN}


@pytest.fixture
def limited(settings: Settings) -> Settings:
    return settings.model_copy(update={"rate_limits": True})


async def test_all_spellings_of_an_address_share_their_tries(
    limited: Settings, make_user: MakeUser
) -> None:
    """Else each spelling would give a guesser ten more."""
    await make_user("jose", email=COMPOSED)
    app = create_app(limited)
    async with app.test_app():
        visitor = Visitor(app)

        pages = [page for typed in SPELLINGS for page in await guess(visitor, typed, 3)]

    assert [page.status for page in pages] == [422] * 10 + [429] * 2
