"""Token buckets that several workers share through Redis, without waiting for it."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from math import ceil

from .buckets import Buckets
from .counters import CountersAway
from .shared_counters import SharedCounters

# A report takes 170 µs and 4.5 µs a key: 6 µs a hover when 200 of them share it.
REPORT_INTERVAL_S = 0.1
# More than a pointer that is drawn along a row of names takes between two reports.
LEASE = 10
# Some 5 ms of work for a worker and for Redis.
MOST_UNREPORTED = 1_000

# In Redis a bucket is a key that expires when the bucket is full again. Arguments: the
# milliseconds that refill a whole bucket, then for each key those that refill what was taken.
# Answer: index and milliseconds until they are full, of buckets that were overdrawn.
REPORT = """
local overdrawn = {}
for i, key in ipairs(KEYS) do
    local full_in_ms = math.max(redis.call('PTTL', key), 0) + ARGV[i + 1]
    redis.call('SET', key, '', 'PX', full_in_ms)
    if full_in_ms > tonumber(ARGV[1]) then
        overdrawn[#overdrawn + 1] = {i, full_in_ms}
    end
end
return overdrawn
"""


class SharedBuckets:
    """Buckets of this worker that count together with those of the other workers.

    A worker decides by its own bucket and reports its takes afterwards, so that a take does not
    wait for Redis. The answer to a report says which buckets all workers together have
    overdrawn, and the worker drains its own accordingly. `LEASE` is how many takes of a key a
    worker may have that Redis has not counted: further takes wait for a report.

    Guarantee: within T seconds all workers together take at most
    `capacity + T * per_second + workers * LEASE` from a bucket, because each takes at most one
    lease from an empty bucket before it learns that it is empty.

    While Redis is away each worker uses its own buckets only, and drops what it has to report.
    """

    def __init__(
        self, buckets: Buckets, shared: SharedCounters, storage_key: Callable[[str], str]
    ) -> None:
        self._buckets = buckets
        self._shared = shared
        self._storage_key = storage_key
        # Takes that Redis has not confirmed yet, also those of the report that is under way.
        self._unreported: Counter[str] = Counter()
        self._reporting: asyncio.Task[None] | None = None

    async def take(self, key: str) -> float:
        """Take one out: 0 if there was one, else the seconds until there will be."""
        while self._must_report(key):
            await self.report()
        wait_s = self._buckets.take(key)
        if not wait_s:
            self._unreported[key] += 1
        return wait_s

    def _must_report(self, key: str) -> bool:
        return self._unreported[key] >= LEASE or len(self._unreported) >= MOST_UNREPORTED

    async def report(self) -> None:
        """Report all takes. Those who ask for it meanwhile share the report under way."""
        if self._reporting is None:
            self._reporting = asyncio.create_task(self._report())
        await asyncio.shield(self._reporting)  # a hover that is cancelled cancels it for nobody

    async def close(self) -> None:
        """Report until nothing is left."""
        while self._unreported:
            await self.report()

    async def _report(self) -> None:
        reported = self._unreported.copy()
        try:
            if reported:
                with suppress(CountersAway):
                    await self._send(reported)
        finally:
            self._unreported -= reported
            self._reporting = None

    async def _send(self, takes: Counter[str]) -> None:
        """Raises CountersAway."""
        keys = list(takes)
        refills_s = [self._buckets.all_s, *(takes[key] * self._buckets.refill_s for key in keys)]
        overdrawn = await self._shared.run(
            REPORT,
            [self._storage_key(key) for key in keys],
            [ceil(1000 * refill_s) for refill_s in refills_s],
        )
        for index, full_in_ms in overdrawn:
            self._buckets.drain(keys[index - 1], full_in_ms / 1000)
