"""The card with what the site puts into it: in low windows, with large text, in both schemes."""

import asyncio
import re
from datetime import timedelta

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, Route, ViewportSize, expect

from quart_popovers.models import utc_now
from tests.browser.conftest import sign_in_as

MARGIN = 8
IN_WORDS = re.compile(r"^\d\d minutes ago$")
WINDOWS = [
    (ViewportSize(width=1000, height=400), "100%"),
    (ViewportSize(width=1000, height=400), "200%"),
    (ViewportSize(width=390, height=844), "100%"),
    (ViewportSize(width=390, height=844), "200%"),
    (ViewportSize(width=640, height=360), "100%"),
]


async def rest_on(link: Locator) -> Locator:
    """Rest the pointer on a link in the window; the card, when it is open."""
    box = await link.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await link.page.mouse.move(x - 1, y)
    await link.page.mouse.move(x, y)
    card = link.page.locator("#hover-card[data-state=open]")
    await expect(card).to_have_attribute(
        "aria-label", f"Profile preview: {await link.inner_text()}"
    )
    return card


async def links_in_the_window(page: Page) -> list[Locator]:
    """The names that are whole in the window: the others scroll when a pointer comes to them."""
    height = await page.evaluate("innerHeight")
    boxes = [(it, await it.bounding_box()) for it in await page.locator(".username").all()]
    return [it for it, box in boxes if box and box["y"] > 0 and box["y"] + box["height"] < height]


@pytest.mark.parametrize(("window", "text_size"), WINDOWS)
async def test_a_card_is_whole_and_beside_its_name_when_times_are_in_words(
    page: Page, window: ViewportSize, text_size: str
) -> None:
    await page.clock.install(time=utc_now() + timedelta(minutes=11))
    await sign_in_as("ada", page)
    await page.set_viewport_size(window)
    await page.evaluate("size => document.documentElement.style.fontSize = size", text_size)
    await page.evaluate("document.querySelector('.posts').scrollIntoView()")

    links = await links_in_the_window(page)
    assert links
    for link in links:
        card = await rest_on(link)

        time = card.locator("time[data-relative]")
        await expect(time).to_have_text(IN_WORDS)
        assert await time.evaluate("time => time.getClientRects().length") == 1
        box, name = await card.bounding_box(), await link.bounding_box()
        assert box is not None
        assert name is not None
        assert box["x"] >= MARGIN
        assert box["y"] >= MARGIN
        assert box["x"] + box["width"] <= window["width"] - MARGIN
        assert box["y"] + box["height"] <= window["height"] - MARGIN
        gap_x = max(box["x"] - name["x"] - name["width"], name["x"] - box["x"] - box["width"])
        gap_y = max(box["y"] - name["y"] - name["height"], name["y"] - box["y"] - box["height"])
        assert max(gap_x, gap_y) >= MARGIN - 1
        await page.keyboard.press("Escape")


async def test_the_skeleton_has_the_size_of_the_card_with_times_in_words(page: Page) -> None:
    gate = asyncio.Event()

    async def answer_late(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.clock.install(time=utc_now() + timedelta(minutes=11))
    await sign_in_as("ada", page)
    await page.route("**/popup", answer_late)
    card = page.locator("#hover-card")
    await page.mouse.move(1, 1)
    await page.locator(".username").first.hover()
    await expect(card).to_have_attribute("data-state", "loading")
    skeleton = await card.bounding_box()

    gate.set()
    await expect(card).to_have_attribute("data-state", "open")

    await expect(card.locator("time[data-relative]")).to_have_text(IN_WORDS)
    assert await card.bounding_box() == skeleton


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_card_stands_out_and_is_readable(page: Page, scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await sign_in_as("ada", page)

    await rest_on(page.locator(".username").first)

    background = "selector => getComputedStyle(document.querySelector(selector)).backgroundColor"
    card = await page.evaluate(background, "#hover-card")
    feed = await page.evaluate(background, ".posts")
    assert card != feed or scheme == "light"
    found = await Axe().run(page)
    assert [it["id"] for it in found.response["violations"]] == []
