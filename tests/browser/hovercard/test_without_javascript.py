"""Row 12, and the whole path once: the real page and endpoint, in real time."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site
from tests.visitor import PASSWORD


@pytest.fixture
async def plain_context(chromium: Browser, people: Site) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(base_url=people.url, java_script_enabled=False)
    yield context
    await context.close()


async def test_without_javascript_every_username_is_an_ordinary_link(
    plain_context: BrowserContext,
) -> None:
    page = await plain_context.new_page()
    await page.goto("/login")
    await page.get_by_label("Username or email").fill("ada")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()

    name = page.locator("a[data-hovercard-url='/user/chidi/popup']").first
    await name.hover()
    await expect(page.locator("#hover-card")).to_have_count(0)
    await name.click()

    await page.wait_for_url("**/user/chidi")


async def test_on_the_real_site_a_hover_shows_the_persons_card(signed_in_page: Page) -> None:
    page = signed_in_page
    await expect(page.locator("#hover-card")).to_be_attached()
    await page.mouse.move(1, 1)

    link = page.locator("a[data-hovercard-url]").first
    name = await link.inner_text()
    await link.hover()

    card = page.get_by_role("dialog", name=f"Profile preview: {name}")
    await expect(card).to_be_visible()
    await expect(card).to_have_attribute("data-state", "open")
    await expect(card.locator(".card-about")).to_have_text(f"I am {name}.")


async def test_signed_out_in_another_tab_the_card_offers_the_way_back(
    signed_in_page: Page, complaints: list[str]
) -> None:
    page = signed_in_page
    await expect(page.locator("#hover-card")).to_be_attached()
    await page.context.clear_cookies()
    await page.mouse.move(1, 1)

    await page.locator("a[data-hovercard-url]").first.hover()

    sign_in = page.locator("#hover-card").get_by_role("link", name="Sign in")
    await expect(sign_in).to_have_attribute("href", "/login?next=%2F")
    complaints.clear()
