"""Token buckets for the hot path: at most so many at once, refilled at so many a second."""

from collections.abc import Callable
from time import monotonic

# Buckets that have filled up again are forgotten when there are this many: some 2 MB.
MOST_KEPT = 10_000


class Buckets:
    """One bucket a key, and one number a bucket: the moment at which it is full again.

    Source: the virtual scheduling form of the generic cell rate algorithm, ITU-T I.371.
    """

    def __init__(
        self, capacity: int, per_second: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._refill_s = 1 / per_second
        self._all_s = capacity / per_second
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._tidy_at_size = MOST_KEPT

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str) -> float:
        """Take one out: 0 if there was one, else the seconds until there will be."""
        now = self._clock()
        full_at = max(self._full_at.get(key, now), now) + self._refill_s
        missing_s = full_at - now - self._all_s
        if missing_s > 1e-6:
            return missing_s
        self._full_at[key] = full_at
        if len(self._full_at) > self._tidy_at_size:
            self._forget_full(now)
        return 0.0

    def _forget_full(self, now: float) -> None:
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        # When hardly any was full, looking through all of them again has to be worth it.
        self._tidy_at_size = max(MOST_KEPT, 2 * len(self._full_at))
