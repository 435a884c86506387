"""One deadline for everything a request asks of the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import DRIVER_ERRORS, DatabaseAway, is_unavailable

# How long a request waits for the database in total: for its turn, a connection and the answer.
# People take a page that needs longer for broken; a 503 tells them, and when to come back.
PATIENCE_S = 3.5


@asynccontextmanager
async def within_patience(patience_s: float = PATIENCE_S) -> AsyncIterator[None]:
    """Raise DatabaseAway when the database fails, or does not answer within the patience.

    Only the drivers' own exceptions and this deadline count: an OSError or TimeoutError of other
    code inside the block stays what it is.
    """
    try:
        async with asyncio.timeout(patience_s) as deadline:
            yield
    except TimeoutError as error:
        if not deadline.expired():
            raise
        raise DatabaseAway(f"no answer within {patience_s} s") from error
    except DRIVER_ERRORS as error:
        if not is_unavailable(error):
            raise
        raise DatabaseAway.because_of(error) from error
