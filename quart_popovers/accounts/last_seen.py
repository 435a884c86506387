"""Last seen: noted in memory at once, written once a minute for everybody."""

import asyncio
from contextlib import AbstractAsyncContextManager

from quart import Quart

from ..database import DatabaseAway, writing
from ..models import utc_now
from ..web.background import repeating
from .queries.sign_ins import delete_expired_sign_ins, update_last_seen

# True to the minute, at a few small writes a minute for all who were there in it.
FLUSH_INTERVAL_S = 60
# Written in one transaction: some 20 ms, after which other writers have their turn.
SLICE = 1_000
# Some 12 MB. Browsers beyond it are noted again at their next request after a flush.
MOST_NOTED = 50_000


class LastSeen:
    """Who was here since the last flush. Noting is a dictionary entry: no answer waits for it."""

    def __init__(self, app: Quart) -> None:
        self._app = app
        self._seen: dict[str, int] = {}  # user ids by the browser's token hash

    def note(self, token_hash: str, user_id: int) -> None:
        if len(self._seen) < MOST_NOTED:
            self._seen[token_hash] = user_id

    def flushing(self) -> AbstractAsyncContextManager[None]:
        """Flush every minute while the block runs."""
        return repeating(self.flush, FLUSH_INTERVAL_S)

    async def flush(self) -> None:
        """Write what was noted, in slices; what the database does not take is kept for later."""
        for _ in range(0, len(self._seen), SLICE):
            browsers = dict(self._seen.popitem() for _ in range(min(SLICE, len(self._seen))))
            try:
                await self._write(browsers)
            except DatabaseAway as error:
                self._keep(browsers)
                self._app.logger.warning("Last seen is kept for later: %s", error)
                return
            except asyncio.CancelledError:
                self._keep(browsers)
                raise

    async def _write(self, browsers: dict[str, int]) -> None:
        # Expired sign-ins go here, too: at a sign-in somebody would wait for it.
        people = sorted(set(browsers.values()))
        async with self._app.app_context(), writing() as db:
            await update_last_seen(db, people, sorted(browsers), utc_now())
            await delete_expired_sign_ins(db)

    def _keep(self, browsers: dict[str, int]) -> None:
        for token_hash, user_id in browsers.items():
            self.note(token_hash, user_id)
