"""The statement of a batch: pairs of viewer and person in, an answer to each out."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from quart_popovers.accounts.queries.sign_ins import SIGN_IN_LIFETIME
from quart_popovers.accounts.sign_ins import hash_token
from quart_popovers.database import Database
from quart_popovers.hovercards.queries import Answer, CardQuery, Hover
from quart_popovers.models import SignIn, utc_now
from quart_popovers.people import PROFILE_COLUMNS, Profile
from tests.statements import hear_statements
from tests.visitor import Fetch, MakeUser

MOMENT = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
NOBODY = hash_token("never given out")


@pytest.fixture
def query(database: Database) -> CardQuery:
    return CardQuery(database.reader)


async def add_sign_in(
    database: Database, user_id: int, token: str, created_at: datetime | None = None
) -> str:
    """The token's hash."""
    row = {"token_hash": hash_token(token), "user_id": user_id, "user_agent": ""}
    async with database.writer.begin() as connection:
        await connection.execute(insert(SignIn).values(created_at=created_at or utc_now(), **row))
    return hash_token(token)


async def test_every_pair_gets_its_viewer_and_its_person(
    database: Database, query: CardQuery, make_user: MakeUser
) -> None:
    ada = await make_user("Ada", about_me="I count", created_at=MOMENT, last_seen=MOMENT)
    bo = await make_user("bo")
    of_ada, of_bo = [await add_sign_in(database, it, str(it)) for it in (ada, bo)]
    hovers = {
        Hover(token, name) for token in (of_ada, of_bo, NOBODY) for name in ("ada", "bo", "none")
    }

    answers = await query.select(hovers)

    assert answers.keys() == hovers
    for (token_hash, username), (viewer_id, card) in answers.items():
        assert viewer_id == {of_ada: ada, of_bo: bo, NOBODY: None}[token_hash]
        assert (card and card.id) == {"ada": ada, "bo": bo, "none": None}[username]
    card = answers[Hover(of_bo, "ada")].card
    assert card is not None
    assert (card.username, card.about_me, card.last_seen) == ("Ada", "I count", MOMENT)


async def test_the_drivers_values_are_converted_as_sqlalchemy_would(
    query: CardQuery, make_user: MakeUser, fetch: Fetch
) -> None:
    await make_user("ada", created_at=MOMENT, last_seen=MOMENT, post_count=3)

    [answer] = (await query.select({Hover(NOBODY, "ada")})).values()

    [row] = await fetch(select(*PROFILE_COLUMNS))
    assert answer == Answer(None, Profile(*row))


async def test_an_expired_sign_in_is_no_viewer(
    database: Database, query: CardQuery, make_user: MakeUser
) -> None:
    ada = await make_user("ada")
    just_in_time = utc_now() - SIGN_IN_LIFETIME + timedelta(minutes=1)
    valid = await add_sign_in(database, ada, "valid", just_in_time)
    expired = await add_sign_in(database, ada, "expired", just_in_time - timedelta(minutes=2))

    answers = await query.select({Hover(valid, "ada"), Hover(expired, "ada")})

    assert [answers[Hover(token, "ada")].viewer_id for token in (valid, expired)] == [ada, None]


@pytest.mark.parametrize("viewers", [1, 256])
async def test_a_full_batch_is_one_statement(
    database: Database, query: CardQuery, viewers: int
) -> None:
    hovers = {Hover(hash_token(str(n % viewers)), f"person{n}") for n in range(256)}
    await query.select(hovers)  # PostgreSQL's driver asks for its types, once a connection

    with hear_statements(database) as statements:
        answers = await query.select(hovers)

    assert len(statements) == 1
    assert answers == dict.fromkeys(hovers, Answer(None, None))
