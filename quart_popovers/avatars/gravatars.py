"""People's Gravatars: found among the stored ones, or else fetched in the background.

Readers ask this site only, so Gravatar does not learn who reads. A request never waits for
Gravatar: until a picture is here, its person is shown with the drawn one.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from quart import Quart

from ..database import DatabaseAway, reading
from ..people import Person
from ..services import services
from ..settings import Settings
from ..web.background import repeating
from .addresses import DRAWN, is_version_of_gravatar, version_of
from .client import GravatarAway, GravatarClient
from .queries import select_person
from .store import FRESH_S, PictureStore, Stored, choose_folder

# One at a time, and at most five a second.
FETCH_INTERVAL_S = 0.2
# The pictures of some 25 pages. Whoever is not among them is asked for again by the next reader.
MOST_WANTED = 256
# How long nothing is fetched after Gravatar was away, and how often the log says so.
PAUSE_S = 300
LOG_INTERVAL_S = 3600
REMOVE_INTERVAL_S = 300

log = logging.getLogger(__name__)


class Gravatars:
    """What is stored, and a bounded queue of what is wanted."""

    def __init__(self, app: Quart, client: GravatarClient, store: PictureStore) -> None:
        self._app = app
        self._client = client
        self._store = store
        self._queue: asyncio.Queue[int] = asyncio.Queue()
        self._wanted: set[int] = set()  # in the queue or being fetched
        self._paused_until = self._silent_until = 0.0

    async def find(self, user_id: int, version: str) -> Stored | None:
        """What is known of a person's picture; None, and it is fetched, when nothing is."""
        if not is_version_of_gravatar(version):
            return None
        stored = await asyncio.to_thread(self._store.read, user_id, version)
        if stored is None or stored.age_s > FRESH_S:
            self._want(user_id)
        return stored

    async def forget(self, user_id: int) -> None:
        """Remove a person's picture from this machine; other machines do so within a day."""
        await asyncio.to_thread(self._store.remove, user_id)

    @asynccontextmanager
    async def fetching(self) -> AsyncIterator[None]:
        """Fetch what is wanted and remove what is old while the block runs."""
        try:
            async with (
                repeating(self._fetch_next, FETCH_INTERVAL_S),
                repeating(self._remove_old, REMOVE_INTERVAL_S),
            ):
                yield
        finally:
            await self._client.close()

    def _want(self, user_id: int) -> None:
        if user_id not in self._wanted and self._queue.qsize() < MOST_WANTED:
            self._wanted.add(user_id)
            self._queue.put_nowait(user_id)

    async def _fetch_next(self) -> None:
        user_id = await self._queue.get()
        try:
            if monotonic() >= self._paused_until:
                async with self._app.app_context():
                    await self._fetch(user_id)
        except (GravatarAway, DatabaseAway, OSError) as error:  # OSError: a full disk
            self._pause(error)
        finally:
            self._wanted.discard(user_id)
            self._queue.task_done()

    async def _fetch(self, user_id: int) -> None:
        person = await self._select(user_id)
        if person is None:
            return
        version = version_of(person)
        stored = await asyncio.to_thread(self._store.read, user_id, version)
        if stored is not None and stored.age_s <= FRESH_S:
            return  # another worker was faster
        content = await self._client.fetch(person.email_hash)
        await asyncio.to_thread(self._store.write, user_id, version, content)
        # Asked after writing, because leaving removes the files after deleting the row: of the
        # two, at least the later one removes this file.
        if await self._select(user_id) != person:
            await self.forget(user_id)

    async def _select(self, user_id: int) -> Person | None:
        """The person, if this person still is to be shown with a Gravatar."""
        async with reading() as db:
            person = await select_person(db, user_id)
        return None if person is None or version_of(person) == DRAWN else person

    def _pause(self, error: Exception) -> None:
        self._paused_until = monotonic() + PAUSE_S
        if monotonic() >= self._silent_until:
            self._silent_until = monotonic() + LOG_INTERVAL_S
            log.warning("No Gravatars for now, people are shown with drawn pictures: %s", error)

    async def _remove_old(self) -> None:
        await asyncio.to_thread(self._store.remove_old)


def open_gravatars(app: Quart, settings: Settings) -> Gravatars | None:
    """None when this site asks no third party."""
    if settings.avatars != "gravatar":
        return None
    return Gravatars(app, GravatarClient(), PictureStore(choose_folder(settings)))


async def forget_gravatar(user_id: int) -> None:
    """Remove what is stored of a person who leaves or chose the drawn picture."""
    if gravatars := services().gravatars:
        await gravatars.forget(user_id)
