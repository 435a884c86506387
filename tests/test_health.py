"""`/healthz`, for load balancers."""

from pathlib import Path

import pytest

from quart_popovers import create_app
from quart_popovers.settings import Settings
from tests.visitor import Visitor


async def test_a_site_with_its_database_is_well(visitor: Visitor) -> None:
    page = await visitor.get("/healthz")

    assert (page.status, page.text) == (200, "ok\n")
    assert page.headers["content-type"].startswith("text/plain")
    assert page.set_cookies == ()


@pytest.mark.parametrize("url", ["sqlite:///{folder}", "postgresql://127.0.0.1:1/none"])
async def test_a_site_without_its_database_says_503(
    settings: Settings, tmp_path: Path, url: str
) -> None:
    broken = settings.model_copy(update={"database_url": url.format(folder=tmp_path)})
    app = create_app(broken)
    async with app.test_app():
        page = await Visitor(app).get("/healthz")

    assert page.status == 503
    assert page.headers["content-type"].startswith("text/plain")
