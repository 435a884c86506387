"""Last seen: noted in memory at once, written by one task, once a minute, for everybody."""

import asyncio
from contextlib import suppress

from quart import Quart

from ..database import DatabaseAway, writing
from ..models import utc_now
from .queries import delete_expired_sign_ins, update_last_seen

# True to the minute, at one small write a minute for all who were there in it.
FLUSH_INTERVAL_S = 60


class LastSeen:
    """Who was here since the last flush. Noting is a set entry: no answer waits for it."""

    def __init__(self, app: Quart) -> None:
        self._app = app
        self._seen: dict[str, int] = {}
        self._flushing: asyncio.Task[None] | None = None

    def note(self, token_hash: str, user_id: int) -> None:
        self._seen[token_hash] = user_id

    async def flush(self) -> None:
        """Write what was noted; what cannot be written is kept for the next time.

        Whoever is here also loses the sign-ins that have expired: cheaper now than at a sign-in,
        where somebody waits for it.
        """
        seen, self._seen = self._seen, {}
        if not seen:
            return
        people, browsers = sorted(set(seen.values())), sorted(seen)
        try:
            async with self._app.app_context(), writing() as db:
                await update_last_seen(db, people, browsers, utc_now())
                await delete_expired_sign_ins(db, people)
        except DatabaseAway as error:
            self._seen = seen | self._seen
            self._app.logger.warning("Last seen is kept for later: %s", error)

    async def start(self) -> None:
        self._flushing = asyncio.create_task(self._flush_regularly())

    async def stop(self) -> None:
        if self._flushing:
            self._flushing.cancel()
            with suppress(asyncio.CancelledError):
                await self._flushing
        await self.flush()

    async def _flush_regularly(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_INTERVAL_S)
            await self.flush()
