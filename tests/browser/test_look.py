"""Readable, usable and still: contrast, small and enlarged windows, no layout shift."""

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Site, sign_in_as

FOR_GUESTS = ["/login", "/register", "/no-such-page"]
FOR_ACCOUNTS = ["/account", "/account/sessions", "/account/password", "/account/delete"]
FOR_PEOPLE = ["/", "/user/ada", "/user/jo", "/edit-profile", *FOR_ACCOUNTS, "/no-such-page"]
LONG_WORD = "W" * 140
SCHEMES = ["light", "dark"]

SHIFTS = """() => new Promise(resolve => {
    let shift = 0;
    const observer = new PerformanceObserver(list => {
        for (const entry of list.getEntries()) shift += entry.value;
    });
    observer.observe({type: "layout-shift", buffered: true});
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(shift)));
})"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
async def page_of_ada(page: Page, complaints: list[str]) -> AsyncIterator[Page]:
    await sign_in_as("ada", page)
    yield page
    forget_statuses(complaints)


@pytest.fixture
async def page_of_a_guest(page: Page, complaints: list[str]) -> AsyncIterator[Page]:
    yield page
    forget_statuses(complaints)


def forget_statuses(complaints: list[str]) -> None:
    """Chromium complains of pages that are a 404 or 422, and these tests ask for them."""
    complaints[:] = [it for it in complaints if "responded with a status of" not in it]


async def violations(page: Page) -> list[str]:
    found = await Axe().run(page)
    return [
        f"{it['id']}: {node['html']} {node['failureSummary']}"
        for it in found.response["violations"]
        for node in it["nodes"]
    ]


async def look_in_both_schemes(page: Page, path: str) -> list[str]:
    await page.emulate_media(color_scheme="light")
    await page.goto(path)
    found = await violations(page)
    await page.emulate_media(color_scheme="dark")
    return found + await violations(page)


@pytest.mark.parametrize("path", FOR_PEOPLE)
async def test_pages_for_people_have_contrast_names_and_order(page_of_ada: Page, path: str) -> None:
    assert await look_in_both_schemes(page_of_ada, path) == []


@pytest.mark.parametrize("path", FOR_GUESTS)
async def test_pages_for_guests_have_contrast_names_and_order(
    page_of_a_guest: Page, path: str
) -> None:
    assert await look_in_both_schemes(page_of_a_guest, path) == []


async def test_a_refused_form_and_a_message_have_them_too(page_of_a_guest: Page) -> None:
    await page_of_a_guest.goto("/register")
    await page_of_a_guest.get_by_role("button", name="Create account").click()
    await expect(page_of_a_guest.get_by_text("Choose a username.")).to_be_visible()

    assert await violations(page_of_a_guest) == []
    await page_of_a_guest.emulate_media(color_scheme="dark")
    assert await violations(page_of_a_guest) == []


@pytest.mark.parametrize("path", FOR_PEOPLE)
async def test_nothing_moves_while_a_page_loads(page_of_ada: Page, path: str) -> None:
    await page_of_ada.goto(path, wait_until="networkidle")

    assert await page_of_ada.evaluate(SHIFTS) == 0


# 320 pixels, and what 200 % of zoom leaves of a window of 1280 by 720.
SMALL = [(ViewportSize(width=320, height=640), 1), (ViewportSize(width=640, height=360), 2)]


@pytest.mark.parametrize(("viewport", "scale"), SMALL)
async def test_no_page_scrolls_sideways_in_a_small_or_enlarged_window(
    chromium: Browser, people: Site, viewport: ViewportSize, scale: int
) -> None:
    context = await chromium.new_context(
        base_url=people.url, viewport=viewport, device_scale_factor=scale
    )
    page = await context.new_page()

    overflows = {}
    for path in FOR_GUESTS:
        await page.goto(path)
        overflows[path] = await page.evaluate(OVERFLOW)
    await sign_in_as("fatima", page)
    await page.get_by_label("Say something").fill(LONG_WORD)
    await page.get_by_role("button", name="Post").click()
    await expect(page.get_by_text(LONG_WORD).first).to_be_visible()
    for path in FOR_PEOPLE:
        await page.goto(path)
        overflows[f"{path} signed in"] = await page.evaluate(OVERFLOW)
    await context.close()

    assert overflows == dict.fromkeys(overflows, 0)


async def test_every_link_and_field_shows_that_it_has_the_focus(page_of_ada: Page) -> None:
    await page_of_ada.goto("/")
    outlines = []

    for _ in range(12):
        await page_of_ada.keyboard.press("Tab")
        outlines.append(
            await page_of_ada.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        )

    assert set(outlines) == {"solid"}


async def test_the_first_tab_leads_past_the_navigation(page_of_ada: Page) -> None:
    await page_of_ada.goto("/")

    await page_of_ada.keyboard.press("Tab")
    await page_of_ada.keyboard.press("Enter")

    await expect(page_of_ada.locator("main")).to_be_focused()
