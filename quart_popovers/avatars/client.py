"""Asks Gravatar for one picture, within bounds."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from .store import LARGEST_BYTES, image_type

GRAVATAR_URL = "https://www.gravatar.com/avatar/"
# 160 pixels; 404 instead of a picture of Gravatar's own for a person who has none.
# Source: https://docs.gravatar.com/rest/avatars/
PARAMETERS = {"s": "160", "d": "404"}
# Compressed content could be larger than it looks, and no image needs compression.
HEADERS = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "quart-popovers"}
FETCH_WITHIN_S = 5


class GravatarAway(Exception):
    """Gravatar cannot be reached or does not work: the same request may succeed later."""


class GravatarClient:
    """Fetches pictures from this one address, and follows no redirect.

    httpx is imported at the first picture: sites that ask no third party do without.
    """

    def __init__(self, url: str = GRAVATAR_URL) -> None:
        self._url = url
        self._http: Any = None

    async def fetch(self, email_hash: str) -> bytes:
        """The picture; nothing if the person has none, or none that this site would show.

        Raises GravatarAway.
        """
        if self._http is None:
            # In a thread: the import and reading the certificates take 140 ms.
            self._http = await asyncio.to_thread(_open)
        import httpx  # noqa: PLC0415

        try:
            async with (
                asyncio.timeout(FETCH_WITHIN_S),
                self._http.stream("GET", self._url + email_hash, params=PARAMETERS) as response,
            ):
                if response.status_code == httpx.codes.NOT_FOUND:
                    return b""
                if response.status_code != httpx.codes.OK:
                    raise GravatarAway(f"status {response.status_code}")
                return await _read_image(response.aiter_raw())
        except (httpx.HTTPError, TimeoutError) as error:
            raise GravatarAway(type(error).__name__) from error

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()


def _open() -> Any:
    import httpx  # noqa: PLC0415

    # `fetch` has one deadline for all steps; httpx would have one for each.
    return httpx.AsyncClient(headers=HEADERS, timeout=None)  # noqa: S113


async def _read_image(chunks: AsyncIterator[bytes]) -> bytes:
    content = b""
    async for chunk in chunks:
        content += chunk
        if len(content) > LARGEST_BYTES:
            return b""
    return content if image_type(content) else b""
