"""What readers see of people's pictures."""

import asyncio
import re
from typing import NamedTuple

from quart import Quart

from quart_popovers.avatars.gravatars import Gravatars
from quart_popovers.services import services
from tests.avatars.gravatar_server import PNG
from tests.visitor import Visitor

DAY, SHORT = "public, max-age=86400", "public, max-age=60"


class Picture(NamedTuple):
    media_type: str
    cache_control: str
    content: bytes


DRAWN_FOR_NOW = ("image/svg+xml", SHORT)
DRAWN = ("image/svg+xml", DAY)
PHOTO = Picture("image/png", DAY, PNG)


async def address_of(name: str, viewer: Visitor) -> str:
    found = re.search(r'<img src="(/avatars/[^"]+)"', (await viewer.get(f"/user/{name}")).text)
    assert found
    return found[1]


async def look_at(address: str, app: Quart) -> Picture:
    got = await app.test_client().get(address)
    assert got.status_code == 200
    headers = got.headers
    return Picture(
        headers["content-type"], headers["cache-control"], await got.get_data(as_text=False)
    )


async def look_twice(address: str, app: Quart) -> tuple[Picture, Picture]:
    """At once, and when what was to be fetched is here."""
    first = await look_at(address, app)
    await settle(app)
    return first, await look_at(address, app)


async def settle(app: Quart) -> None:
    """Wait until nothing is left to fetch."""
    async with asyncio.timeout(20):
        await service_of(app)._queue.join()


def service_of(app: Quart) -> Gravatars:
    service = services(app).gravatars
    assert service
    return service
