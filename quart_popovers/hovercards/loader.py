"""The batched card loader, the idea of this project.

While a query is in flight, all further hovers wait together and share the next one:

    hover ada ──┐
    hover bo  ──┤ waiting batch          in flight            done
    hover ada ──┘ {ada, bo}       ──▶    one SELECT    ──▶    three answers

Concurrency makes the batch larger instead of the queue longer. Nothing is cached: a query that
serves a hover always begins after the hover did, so every answer is fresh, in every worker.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Set

from werkzeug.exceptions import ServiceUnavailable

from ..database import PATIENCE_S
from .queries import Batch, Card

# One query's worth: far below SQLite's limit of 32,766 parameters, and soon answered.
LARGEST_BATCH = 256
# Some 16 queries of a few milliseconds each: who would wait longer is asked to come back.
MOST_WAITING = 4096
RETRY_AFTER_S = 1

# Turns of the event loop in which nobody joined, before a query starts without them. A turn costs
# microseconds when idle; when busy it reads every socket that has a request on it.
QUIET_TURNS = 2

SelectBatch = Callable[[Set[str], Set[str]], Awaitable[Batch]]


class _Waiting:
    """Hovers that will share one query."""

    def __init__(self) -> None:
        self.usernames: set[str] = set()
        self.token_hashes: set[str] = set()
        self.size = 0
        self.answer: asyncio.Future[Batch] = asyncio.get_running_loop().create_future()


class CardLoader:
    """Answers hovers in batches, one query at a time."""

    def __init__(self, select_batch: SelectBatch) -> None:
        self._select_batch = select_batch
        self._queue: deque[_Waiting] = deque()
        self._work: asyncio.Task[None] | None = None

    async def load(self, username: str, token_hash: str) -> tuple[Card | None, int | None]:
        """The card of this person, and the id of the viewer who is signed in with this token.

        Either is None when there is no such person or sign-in. Raises ServiceUnavailable when
        too many wait already, and whatever error the query ended with.
        """
        key = username.lower()
        waiting = self._join()
        waiting.usernames.add(key)
        waiting.token_hashes.add(token_hash)
        # Shielded: a visitor who moves on leaves alone, and the others get their answer.
        batch = await asyncio.shield(waiting.answer)
        return batch.cards.get(key), batch.viewers.get(token_hash)

    def _join(self) -> _Waiting:
        if not self._queue or self._queue[-1].size == LARGEST_BATCH:
            if len(self._queue) * LARGEST_BATCH >= MOST_WAITING:
                raise ServiceUnavailable(retry_after=RETRY_AFTER_S)
            self._queue.append(_Waiting())
        waiting = self._queue[-1]
        waiting.size += 1
        if self._work is None:
            self._work = asyncio.create_task(self._answer_batches())
        return waiting

    async def _answer_batches(self) -> None:
        try:
            while self._queue:
                await self._let_others_join()
                await self._answer(self._queue.popleft())
        finally:
            self._work = None
            for waiting in self._queue:  # only when cancelled: nobody is left hanging
                waiting.answer.cancel()
            self._queue.clear()

    async def _let_others_join(self) -> None:
        quiet = 0
        while quiet < QUIET_TURNS and self._queue[0].size < LARGEST_BATCH:
            size = self._queue[0].size
            await asyncio.sleep(0)
            quiet = quiet + 1 if size == self._queue[0].size else 0

    async def _answer(self, waiting: _Waiting) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                batch = await self._select_batch(waiting.usernames, waiting.token_hashes)
        except asyncio.CancelledError:
            waiting.answer.cancel()
            raise
        except TimeoutError as error:
            # Those behind have waited nearly as long, and would wait as long again.
            for tired in (waiting, *self._queue):
                tired.answer.set_exception(error)
                tired.answer.exception()
            self._queue.clear()
        except Exception as error:
            waiting.answer.set_exception(error)
            waiting.answer.exception()  # seen, even if everybody has gone
        else:
            waiting.answer.set_result(batch)

    async def close(self) -> None:
        """Wait until everybody who waits has an answer."""
        if self._work:
            await self._work
