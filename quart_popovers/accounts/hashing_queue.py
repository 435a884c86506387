"""The queue for password hashing: one at a time, bounded, known browsers first."""

import asyncio
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, TypeVarTuple

from werkzeug.exceptions import ServiceUnavailable

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

# Two seconds of waiting: with the pause after it, a hash takes 24 to 48 ms.
MOST_WAITING = 40
RETRY_AFTER_S = 2


class HashingBusy(ServiceUnavailable):
    """Too many passwords wait to be hashed."""

    def __init__(self) -> None:
        super().__init__(
            f"The site is very busy. Please try again in {RETRY_AFTER_S} seconds.",
            retry_after=RETRY_AFTER_S,
        )


@dataclass(eq=False, slots=True)
class _Job:
    work: Callable[[], Any]
    result: asyncio.Future[Any]


class HashingQueue:
    """Hashes one password at a time, and pauses after each for as long as it took.

    Each takes a core and 19 MiB: with several at once, or without pauses, hovers wait for the core
    (figures in docs/performance.md). A job that arrives after the pause starts at once.

    Jobs of known browsers go before those of strangers, so that a flood of strangers keeps nobody
    from signing in with a browser that has signed in before. A job whose client has disconnected
    leaves the queue.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "passwords", initializer=_yield_to_the_event_loop)
        self._known: deque[_Job] = deque()
        self._strangers: deque[_Job] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._paused_until = 0.0

    def refuse_when_full(self, *, is_known: bool) -> None:
        """Raise HashingBusy if a job would have to wait too long."""
        ahead = len(self._known) + (0 if is_known else len(self._strangers))
        if ahead >= MOST_WAITING:
            raise HashingBusy()

    async def run(
        self, work: Callable[[*Given], Result], *given: *Given, is_known: bool = False
    ) -> Result:
        """The result of the work. Raises HashingBusy, and whatever the work raises."""
        self.refuse_when_full(is_known=is_known)
        job = _Job(partial(work, *given), asyncio.get_running_loop().create_future())
        queue = self._known if is_known else self._strangers
        queue.append(job)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        try:
            result: Result = await job.result
        finally:
            with suppress(ValueError):  # it is in the queue only if the client has disconnected
                queue.remove(job)
        return result

    async def _work(self) -> None:
        try:
            while self._known or self._strangers:
                await self._finish((self._known or self._strangers).popleft())
        finally:
            self._worker = None

    async def _finish(self, job: _Job) -> None:
        loop = asyncio.get_running_loop()
        if job.result.done():  # the client has disconnected
            return
        try:
            found = await loop.run_in_executor(self._thread, self._pause_and_run, job.work)
        except Exception as error:
            if not job.result.done():
                job.result.set_exception(error)
        else:
            if not job.result.done():
                job.result.set_result(found)

    def _pause_and_run(self, work: Callable[[], Any]) -> Any:
        time.sleep(max(0, self._paused_until - time.monotonic()))
        began_at = time.monotonic()
        try:
            return work()
        finally:
            ended_at = time.monotonic()
            self._paused_until = ended_at + (ended_at - began_at)


def _yield_to_the_event_loop() -> None:
    # Linux gives threads a niceness of their own. At the lowest priority sign-ins starve when
    # both cores are busy (p99 of 9 s in a trial); ten steps keep hovers fast and sign-ins alive.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
