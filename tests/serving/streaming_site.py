"""The site with two routes that only tests have: one that waits, and one that streams."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

from quart import Quart, Response

from quart_popovers import create_app
from quart_popovers.services import services

POLL_S = 0.01


def create_streaming_site() -> Quart:
    app = create_app()
    folder = Path(os.environ["TEST_FOLDER"])

    @app.get("/test-only/held/<name>")
    async def hold(name: str) -> str:
        """Answer once the test has put a file `release` down; who holds it is in `name`."""
        (folder / name).write_text(str(os.getpid()))
        while not (folder / "release").exists():
            await asyncio.sleep(POLL_S)
        return f"held {name}"

    @app.get("/test-only/stream/<name>")
    async def stream(name: str) -> Response:
        closing = services(app).closing

        async def words() -> AsyncIterator[bytes]:
            yield b"first word\n"
            (folder / name).write_text(str(os.getpid()))
            await closing.wait()
            yield b"last word\n"

        return Response(words(), content_type="text/plain")

    return app
