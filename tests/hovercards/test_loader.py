"""The batched card loader, with a query that answers when the test opens its gate."""

import asyncio
from collections.abc import Mapping, Set
from dataclasses import fields
from typing import Any

import pytest
from werkzeug.exceptions import ServiceUnavailable

from quart_popovers.database import DatabaseAway
from quart_popovers.hovercards import loader as loading
from quart_popovers.hovercards.loader import CardLoader
from quart_popovers.hovercards.queries import Answer, Hover
from quart_popovers.people import Profile

TOKEN = "the viewer's"


class GatedQuery:
    """Records the names asked for, and answers once its gate is open."""

    def __init__(self, *, is_open: bool = False) -> None:
        self.batches: list[Set[str]] = []
        self.gate = asyncio.Event()
        self.asked = asyncio.Event()
        self.error: Exception | None = None
        if is_open:
            self.gate.set()

    async def __call__(self, hovers: Set[Hover]) -> Mapping[Hover, Answer]:
        self.batches.append({hover.username for hover in hovers})
        self.asked.set()
        await self.gate.wait()
        if self.error:
            error, self.error = self.error, None
            raise error
        return {hover: Answer(1, card(hover.username)) for hover in hovers}


def card(username: str) -> Profile:
    """A person of this name, about whom nothing else is known."""
    unknown: dict[str, Any] = dict.fromkeys(field.name for field in fields(Profile))
    return Profile(**unknown | {"username": username})


def hover(loader: CardLoader, username: str) -> asyncio.Task[Answer]:
    return asyncio.create_task(loader.load(username, TOKEN))


async def settle() -> None:
    """Let all tasks run until they wait for the gate."""
    for _ in range(10):
        await asyncio.sleep(0)


def name_of(answer: Answer) -> str:
    assert answer.card
    return answer.card.username


async def test_hovers_share_the_query_after_the_one_in_flight() -> None:
    query = GatedQuery()
    loader = CardLoader(query)
    first = hover(loader, "ada")
    await query.asked.wait()
    others = [hover(loader, f"person{n}") for n in range(255)]
    await settle()
    query.gate.set()

    answers = await asyncio.gather(first, *others)

    assert len(query.batches) == 2
    assert [name_of(answer) for answer in answers[:2]] == ["ada", "person0"]
    assert {answer.viewer_id for answer in answers} == {1}


async def test_the_same_person_asked_for_by_many_is_loaded_once() -> None:
    query = GatedQuery(is_open=True)
    loader = CardLoader(query)

    answers = await asyncio.gather(*(hover(loader, name) for name in ["Ada", "ada", "ADA"]))

    assert query.batches == [{"ada"}]
    assert len(answers) == 3


async def test_a_query_never_begins_before_the_hover_that_it_serves() -> None:
    query = GatedQuery()
    loader = CardLoader(query)
    before_the_edit = hover(loader, "ada")
    await query.asked.wait()
    after_the_edit = hover(loader, "ada")
    await settle()
    query.gate.set()

    await asyncio.gather(before_the_edit, after_the_edit)

    assert query.batches == [{"ada"}, {"ada"}]


async def test_a_cancelled_hover_leaves_the_others_their_answers() -> None:
    query = GatedQuery()
    loader = CardLoader(query)
    gone, stays = hover(loader, "ada"), hover(loader, "bo")
    await query.asked.wait()
    gone.cancel()
    query.gate.set()

    assert name_of(await stays) == "bo"
    assert gone.cancelled()


async def test_a_failing_query_fails_its_batch_and_the_next_one_works() -> None:
    query = GatedQuery(is_open=True)
    query.error = ConnectionError("the database is away")
    loader = CardLoader(query)

    failed = await asyncio.gather(hover(loader, "ada"), hover(loader, "bo"), return_exceptions=True)
    answer = await hover(loader, "ada")

    assert [type(error) for error in failed] == [ConnectionError, ConnectionError]
    assert name_of(answer) == "ada"


async def test_a_database_that_is_away_fails_everything_that_waits() -> None:
    """Those behind have waited as long, and would otherwise wait for the same error."""
    query = GatedQuery()
    loader = CardLoader(query)
    in_flight = hover(loader, "ada")
    await query.asked.wait()
    waiting = hover(loader, "bo")
    await settle()
    query.error = DatabaseAway("no answer")
    query.gate.set()

    answers = await asyncio.gather(in_flight, waiting, return_exceptions=True)

    assert [type(answer) for answer in answers] == [DatabaseAway, DatabaseAway]
    assert query.batches == [{"ada"}]


async def test_a_query_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE_S", 0)
    loader = CardLoader(GatedQuery())

    with pytest.raises(DatabaseAway):
        await hover(loader, "ada")


async def test_a_failing_query_reaches_the_hovers_that_were_not_cancelled() -> None:
    query = GatedQuery()
    loader = CardLoader(query)
    cancelled, stays = hover(loader, "ada"), hover(loader, "bo")
    await query.asked.wait()
    cancelled.cancel()
    query.error = ConnectionError("the database is away")
    query.gate.set()

    answers = await asyncio.gather(cancelled, stays, return_exceptions=True)

    assert [type(answer) for answer in answers] == [asyncio.CancelledError, ConnectionError]
    assert name_of(await hover(loader, "chidi")) == "chidi"


async def test_a_batch_has_a_largest_size_and_the_rest_goes_with_the_next() -> None:
    query = GatedQuery(is_open=True)
    loader = CardLoader(query)
    people = [f"person{n}" for n in range(loading.LARGEST_BATCH + 1)]

    await asyncio.gather(*(hover(loader, name) for name in people))

    assert [len(batch) for batch in query.batches] == [loading.LARGEST_BATCH, 1]


async def test_a_query_waits_two_turns_for_others_and_a_full_batch_waits_for_nobody() -> None:
    async def turns_until_the_query(hovers: int) -> int:
        query = GatedQuery(is_open=True)
        loader = CardLoader(query)
        waiting = [hover(loader, f"person{n}") for n in range(hovers)]
        turns = 0
        while not query.asked.is_set():
            await asyncio.sleep(0)
            turns += 1
        await asyncio.gather(*waiting)
        return turns

    for_one = await turns_until_the_query(1)
    for_a_full_batch = await turns_until_the_query(loading.LARGEST_BATCH)

    assert for_one - for_a_full_batch == loading.QUIET_TURNS


async def test_a_hover_beyond_the_limit_is_refused_with_retry_after() -> None:
    query = GatedQuery()
    loader = CardLoader(query)
    in_flight = hover(loader, "ada")
    await query.asked.wait()
    waiting = [hover(loader, f"person{n}") for n in range(loading.MOST_WAITING)]
    await settle()

    with pytest.raises(ServiceUnavailable) as refusal:
        await loader.load("one too many", TOKEN)
    query.gate.set()
    await asyncio.gather(in_flight, *waiting)

    assert refusal.value.retry_after == loading.RETRY_AFTER_S


async def test_closing_waits_until_every_hover_has_an_answer() -> None:
    query = GatedQuery()
    loader = CardLoader(query)
    waiting = hover(loader, "ada")
    await query.asked.wait()
    closing = asyncio.create_task(loader.close())
    query.gate.set()

    await closing

    assert name_of(await waiting) == "ada"


async def test_cancelling_the_loader_cancels_every_hover() -> None:
    query = GatedQuery()
    loader = CardLoader(query)
    in_flight = hover(loader, "ada")
    await query.asked.wait()
    waiting = hover(loader, "bo")
    await settle()
    assert loader._work
    loader._work.cancel()

    answers = await asyncio.gather(in_flight, waiting, return_exceptions=True)

    assert [type(answer) for answer in answers] == [asyncio.CancelledError] * 2
