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
from collections.abc import Awaitable, Callable, Iterable, Mapping, Set
from typing import NamedTuple

from werkzeug.exceptions import ServiceUnavailable

from ..database import PATIENCE_S, DatabaseAway, within_patience
from .queries import Answer, Hover

# One query's worth: answered within milliseconds, and then it is the next batch's turn.
LARGEST_BATCH = 256
# About 16 such queries. A hover that would have to wait longer is refused.
MOST_WAITING = 4096
RETRY_AFTER_S = 1

# Turns of the event loop in which nobody joined, before a query starts without them. A turn costs
# microseconds when idle; when busy it reads every socket that has a request on it.
QUIET_TURNS = 2

SelectBatch = Callable[[Set[Hover]], Awaitable[Mapping[Hover, Answer]]]


class _Waiter(NamedTuple):
    hover: Hover
    answer: asyncio.Future[Answer]


class CardLoader:
    """Answers hovers in batches, one query at a time."""

    def __init__(self, select_batch: SelectBatch) -> None:
        self._select_batch = select_batch
        self._waiting: deque[_Waiter] = deque()
        self._work: asyncio.Task[None] | None = None

    async def load(self, username: str, token_hash: str) -> Answer:
        """The id of the viewer who is signed in with this token, and the card of this person.

        Raises ServiceUnavailable when too many wait already, DatabaseAway when the database
        fails or takes too long, and any other error of the query.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise ServiceUnavailable(retry_after=RETRY_AFTER_S)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiter(Hover(token_hash, username.lower()), answer))
        if self._work is None:
            self._work = asyncio.create_task(self._answer_batches())
        return await answer

    async def close(self) -> None:
        """Wait until every hover has an answer."""
        if self._work:
            await self._work

    async def _answer_batches(self) -> None:
        try:
            while self._waiting:
                await self._let_others_join()
                await self._answer_batch()
        finally:
            self._work = None
            for waiter in self._waiting:  # only when cancelled: no request is left hanging
                waiter.answer.cancel()
            self._waiting.clear()

    async def _let_others_join(self) -> None:
        quiet = 0
        while quiet < QUIET_TURNS and len(self._waiting) < LARGEST_BATCH:
            waiting = len(self._waiting)
            await asyncio.sleep(0)
            quiet = quiet + 1 if waiting == len(self._waiting) else 0

    async def _answer_batch(self) -> None:
        size = min(len(self._waiting), LARGEST_BATCH)
        batch = [self._waiting.popleft() for _ in range(size)]
        try:
            async with within_patience(PATIENCE_S):
                answers = await self._select_batch({waiter.hover for waiter in batch})
        except DatabaseAway as error:
            # Those behind have waited nearly as long, and would wait for the same error.
            _refuse([*batch, *self._waiting], error)
            self._waiting.clear()
        except Exception as error:
            _refuse(batch, error)
        except asyncio.CancelledError:
            self._waiting.extendleft(batch)
            raise
        else:
            _deliver(batch, answers)


def _deliver(batch: Iterable[_Waiter], answers: Mapping[Hover, Answer]) -> None:
    for hover, answer in batch:
        if not answer.done():  # cancelled: the client disconnected
            answer.set_result(answers[hover])


def _refuse(batch: Iterable[_Waiter], error: Exception) -> None:
    for waiter in batch:
        if not waiter.answer.done():
            waiter.answer.set_exception(error)
