"""Token buckets for the hot path: at most so many at once, refilled at so many a second."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

# Some 10 MB. Beyond it the bucket that was taken from least recently is forgotten, and so is full
# again: a browser gains at most the bucket's capacity, and needs this many other sign-ins for it.
MOST_KEPT = 50_000


class Buckets:
    """One bucket a key, and one number a bucket: the moment at which it is full again.

    Taking needs constant time and memory is bounded. Source: the virtual scheduling form of the
    generic cell rate algorithm, ITU-T I.371.
    """

    def __init__(
        self, capacity: int, per_second: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self.refill_s = 1 / per_second  # for one
        self.all_s = capacity / per_second
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str) -> float:
        """Take one out: 0 if there was one, else the seconds until there will be."""
        now = self._clock()
        full_at = max(self._full_at.get(key, now), now) + self.refill_s
        missing_s = full_at - now - self.all_s
        if missing_s > 1e-6:
            return missing_s
        self._set(key, full_at)
        self._forget_full(now)
        return 0.0

    def drain(self, key: str, full_in_s: float) -> None:
        """Take out what was taken elsewhere: the bucket is full in so many seconds or later."""
        now = self._clock()
        self._set(key, max(self._full_at.get(key, now), now + full_in_s))
        self._forget_full(now)

    def _set(self, key: str, full_at: float) -> None:
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)

    def _forget_full(self, now: float) -> None:
        """Forget up to two full buckets, those that were taken from least recently."""
        for _ in range(2):
            oldest, full_at = next(iter(self._full_at.items()))
            if full_at > now and len(self._full_at) <= MOST_KEPT:
                return
            del self._full_at[oldest]
