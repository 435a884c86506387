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
from tests.visitor import MakeUser, SignIn, Visitor


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
) -> Callable[..., Quart]:
    """Makes sites that share a database and a folder, as workers do, but for other settings."""
    monkeypatch.setattr(gravatars, "FETCH_INTERVAL_S", 0)

    def make(**other: object) -> Quart:
        app = create_app(settings.model_copy(update={"avatars": "gravatar"} | other))
        client, store = GravatarClient(gravatar.url), PictureStore(folder)
        services(app).gravatars = Gravatars(app, client, store)
        return app

    return make


@pytest.fixture
async def bo(make_user: MakeUser) -> int:
    return await make_user("bo", email="Bo@Example.com")


@pytest.fixture
async def ada(sign_in: SignIn) -> Visitor:
    """Somebody who looks at others, and has no picture herself."""
    return await sign_in("ada", picture="drawn")
