"""The batched card loader, the idea of this project.

While a query is in flight, all further hovers wait together and share the next one:

    hover ada ──┐
    hover bo  ──┤  waiting            in flight            done
    hover ada ──┘  {ada, bo}   ──▶    one SELECT    ──▶    three answers

Concurrency makes the batch larger instead of the queue longer. Nothing is cached: the query that
serves a hover always begins after the hover did, so every answer is fresh, in every worker.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Set
from typing import NamedTuple

from werkzeug.exceptions import ServiceUnavailable

from ..database import PATIENCE_S, DatabaseAway, within_patience
from .queries import Batch, Card

# One query's worth: answered within milliseconds, and then it is the next ones' turn.
LARGEST_BATCH = 256
# Some 16 such queries: who would have to wait longer is asked to come back.
MOST_WAITING = 4096
RETRY_AFTER_S = 1

# Turns of the event loop in which nobody joined, before a query starts without them. A turn costs
# microseconds when idle; when busy it reads every socket that has a request on it.
QUIET_TURNS = 2

SelectBatch = Callable[[Set[str], Set[str]], Awaitable[Batch]]


class Answer(NamedTuple):
    """What a hover gets; either is None when there is no such person or sign-in."""

    card: Card | None
    viewer_id: int | None


class _Hover(NamedTuple):
    username: str
    token_hash: str
    answer: asyncio.Future[Answer]


class CardLoader:
    """Answers hovers in batches, one query at a time."""

    def __init__(self, select_batch: SelectBatch) -> None:
        self._select_batch = select_batch
        self._waiting: deque[_Hover] = deque()
        self._work: asyncio.Task[None] | None = None

    async def load(self, username: str, token_hash: str) -> Answer:
        """The card of this person, and the id of the viewer who is signed in with this token.

        Raises ServiceUnavailable when too many wait already, DatabaseAway when the database
        fails or takes too long, and any other error of the query.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise ServiceUnavailable(retry_after=RETRY_AFTER_S)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Hover(username.lower(), token_hash, answer))
        if self._work is None:
            self._work = asyncio.create_task(self._answer_batches())
        return await answer

    async def close(self) -> None:
        """Wait until everybody who waits has an answer."""
        if self._work:
            await self._work

    async def _answer_batches(self) -> None:
        try:
            while self._waiting:
                await self._let_others_join()
                await self._answer_batch()
        finally:
            self._work = None
            for hover in self._waiting:  # only when cancelled: nobody is left hanging
                hover.answer.cancel()
            self._waiting.clear()

    async def _let_others_join(self) -> None:
        quiet = 0
        while quiet < QUIET_TURNS and len(self._waiting) < LARGEST_BATCH:
            waiting = len(self._waiting)
            await asyncio.sleep(0)
            quiet = quiet + 1 if waiting == len(self._waiting) else 0

    async def _answer_batch(self) -> None:
        size = min(len(self._waiting), LARGEST_BATCH)
        hovers = [self._waiting.popleft() for _ in range(size)]
        usernames = {hover.username for hover in hovers}
        token_hashes = {hover.token_hash for hover in hovers}
        try:
            async with within_patience(PATIENCE_S):
                batch = await self._select_batch(usernames, token_hashes)
        except DatabaseAway as error:
            # Those behind have waited nearly as long, and would wait for the same error.
            _refuse([*hovers, *self._waiting], error)
            self._waiting.clear()
        except Exception as error:
            _refuse(hovers, error)
        except asyncio.CancelledError:
            self._waiting.extendleft(hovers)
            raise
        else:
            _deliver(hovers, batch)


def _deliver(hovers: Iterable[_Hover], batch: Batch) -> None:
    for username, token_hash, answer in hovers:
        if not answer.done():  # a visitor who moved on left alone
            card, viewer_id = batch.cards.get(username), batch.viewers.get(token_hash)
            answer.set_result(Answer(card, viewer_id))


def _refuse(hovers: Iterable[_Hover], error: Exception) -> None:
    for hover in hovers:
        if not hover.answer.done():
            hover.answer.set_exception(error)
