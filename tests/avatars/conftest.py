"""A server in Gravatar's place, and sites that ask it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from quart import Quart

from quart_popovers import create_app
from quart_popovers.avatars import gravatars
from quart_popovers.avatars.client import GravatarClient
from quart_popovers.avatars.gravatars import Gravatars
from quart_popovers.avatars.store import PictureStore
from quart_popovers.services import services
from quart_popovers.settings import Settings
from tests.avatars.gravatar_server import GravatarServer


@pytest.fixture
async def gravatar() -> AsyncIterator[GravatarServer]:
    async with GravatarServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where sites store pictures."""
    return tmp_path / "avatars"


@pytest.fixture
def make_site(
    settings: Settings,
    gravatar: GravatarServer,
    folder: Path,
    cheap_hashing: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], Quart]:
    """Makes sites that share a database and a folder, as workers do."""
    monkeypatch.setattr(gravatars, "FETCH_INTERVAL_S", 0)

    def make() -> Quart:
        app = create_app(settings.model_copy(update={"avatars": "gravatar"}))
        client, store = GravatarClient(gravatar.url), PictureStore(folder)
        services(app).gravatars = Gravatars(app, client, store)
        return app

    return make
