"""Expiring counters in memory, for rate limits that this process counts by itself."""

from collections import OrderedDict
from time import time
from typing import NamedTuple

from limits.aio.storage import MemoryStorage

# Some 20 MB. Beyond it the counter that was not looked at for longest is forgotten. To have one of
# theirs forgotten, clients need this many others, each of which starts with its full allowance:
# more than that gains.
MOST_KEPT = 50_000


class CountersAway(Exception):
    """The counters that workers share do not answer."""


class Counter(NamedTuple):
    value: int
    expires_at: float


class Counters(MemoryStorage):
    """The memory storage of `limits`, with counts that take constant time and bounded memory.

    The original looks at all its keys at each count (16.7 ms with 50,000) and keeps any number.
    Here each new counter pays for looking at two old ones, of which it forgets those that have
    expired: all have been looked at before half as many new ones have come.
    """

    def __init__(self) -> None:
        super().__init__()
        self._counters: OrderedDict[str, Counter] = OrderedDict()

    def __len__(self) -> int:
        return len(self._counters)

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        counter = self._find(key)
        if counter is None:
            self._forget_expired()
            counter = Counter(0, time() + expiry)
        self._counters[key] = counter._replace(value=counter.value + amount)
        return counter.value + amount

    async def decr(self, key: str, amount: int = 1) -> int:
        counter = self._find(key)
        if counter is None:
            return 0
        self._counters[key] = counter._replace(value=max(counter.value - amount, 0))
        return self._counters[key].value

    async def get(self, key: str) -> int:
        counter = self._find(key)
        return counter.value if counter else 0

    async def get_expiry(self, key: str) -> float:
        counter = self._find(key)
        return counter.expires_at if counter else time()

    async def clear(self, key: str) -> None:
        self._counters.pop(key, None)

    def _find(self, key: str) -> Counter | None:
        counter = self._counters.get(key)
        return counter if counter and counter.expires_at > time() else None

    def _forget_expired(self) -> None:
        now = time()
        for _ in range(min(2, len(self._counters))):
            key, counter = self._counters.popitem(last=False)
            if counter.expires_at > now:
                self._counters[key] = counter  # looked at again after all the others
        if len(self._counters) >= MOST_KEPT:
            self._counters.popitem(last=False)
