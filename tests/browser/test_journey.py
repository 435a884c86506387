"""The whole way of a newcomer, in a real browser."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import rest_on
from tests.visitor import PASSWORD


@pytest.fixture(scope="session")
def chromium(desktop_chromium: Browser) -> Browser:
    """The browser that people have."""
    return desktop_chromium


async def test_a_newcomer_registers_posts_reads_a_card_and_signs_out(page: Page) -> None:
    # Tall enough for a whole page of comments: what scrolls under the pointer opens no card.
    await page.set_viewport_size({"width": 800, "height": 2000})
    await page.goto("/")
    await expect(page.get_by_text("Please sign in to see this page.")).to_be_visible()

    await page.get_by_role("link", name="Create an account").click()
    await page.get_by_label("Username").fill("newcomer")
    await page.get_by_label("Email").fill("newcomer@example.com")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("Confirm password").fill(PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_text("Your account is ready. Please sign in.")).to_be_visible()

    await page.get_by_label("Username or email").fill("newcomer")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("Welcome back, newcomer!")).to_be_visible()

    await page.get_by_label("Say something").fill("Hello from Chromium 👋")
    await page.get_by_role("button", name="Post").click()
    await expect(page.get_by_text("Your comment is posted.")).to_be_visible()
    first = page.locator("article[data-post-id]").first
    await expect(first).to_contain_text("newcomer said")
    await expect(first).to_contain_text("Hello from Chromium 👋")

    await page.goto("/?before=31")  # the newest ten of the first 30 comments, which nobody deletes
    await rest_on(page.get_by_role("link", name="jo", exact=True).first)
    card = page.locator("#hover-card:popover-open[data-state=open]")
    await expect(card).to_contain_text("I am jo.")
    await expect(card.get_by_role("link", name="jo")).to_have_attribute("href", "/user/jo")
    await card.get_by_role("link", name="jo").click()
    await expect(page.get_by_role("heading", name="jo")).to_be_visible()

    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_text("You are signed out.")).to_be_visible()
    await page.goto("/user/jo")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
