"""How many requests may use an engine or wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import DatabaseAway

# A page takes some 4 ms (benchmarks/results.md): about as many as can be answered within the
# patience. More would only hold memory until they are refused.
MOST_AT_ONCE = 1_000


class Admission:
    """Counts the requests that use an engine or wait for it, and refuses those beyond the limit."""

    def __init__(self) -> None:
        self._inside = 0

    @contextmanager
    def admit(self) -> Iterator[None]:
        """Count one while the block runs. Raises DatabaseAway when there are too many."""
        if self._inside >= MOST_AT_ONCE:
            raise DatabaseAway(f"{self._inside} requests wait for the database already")
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
