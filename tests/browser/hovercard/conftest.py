"""A playground for the hover card, on the site's own origin and under its policy."""

import pytest
from playwright.async_api import Page

from tests.browser.hovercard.playground import Playground


@pytest.fixture
async def playground(page: Page) -> Playground:
    playground = Playground(page)
    await page.set_viewport_size({"width": 800, "height": 600})
    await playground.prepare()
    return playground
