"""A refused form: where focus is, what the title says, and that the wrong field is seen."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site, sign_in_as

ERROR = re.compile(r"^Error: ")

# The colours of an element's border and of the surface around it, as red, green and blue.
COLOURS = """field => [getComputedStyle(field).borderTopColor,
  getComputedStyle(field.closest("section")).backgroundColor].map(it => it.match(/[0-9]+/g))"""


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
async def page(
    request: pytest.FixtureRequest, chromium: Browser, people: Site
) -> AsyncIterator[Page]:
    """A tab with and without JavaScript."""
    context = await chromium.new_context(base_url=people.url, java_script_enabled=request.param)
    yield await context.new_page()
    await context.close()


async def test_the_first_wrong_field_has_focus_and_the_title_says_error(page: Page) -> None:
    await page.goto("/register")
    await expect(page).not_to_have_title(ERROR)
    await page.get_by_label("Username").fill("newcomer")

    await page.get_by_role("button", name="Create account").click()

    await expect(page.get_by_label("Email")).to_be_focused()
    await expect(page).to_have_title("Error: Register · Quart Popovers")
    await expect(page.locator("[autofocus]")).to_have_count(1)


async def test_an_error_of_the_whole_form_has_focus(page: Page) -> None:
    await page.goto("/login")
    await page.get_by_label("Username or email").fill("ada")
    await page.get_by_label("Password").fill("wrong password")

    await page.get_by_role("button", name="Sign in").click()

    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page).to_have_title("Error: Sign in · Quart Popovers")


async def test_a_refused_comment_has_focus_again(page: Page) -> None:
    await sign_in_as("ada", page)

    await page.get_by_role("button", name="Post").click()

    await expect(page.get_by_label("Say something")).to_be_focused()
    await expect(page).to_have_title(ERROR)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_border_of_a_wrong_field_is_red_and_has_contrast(page: Page, scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.goto("/register")
    normal, _surface = await colours(page.get_by_label("Email"))

    await page.get_by_role("button", name="Create account").click()

    await expect(page.get_by_text("Enter your email address.")).to_be_visible()
    border, surface = await colours(page.get_by_label("Email"))
    red, green, blue = border
    assert border != normal
    assert red > green
    assert red > blue
    assert contrast(border, surface) >= 3


async def colours(field: Locator) -> list[list[int]]:
    return [[int(part) for part in colour] for colour in await field.evaluate(COLOURS)]


def contrast(one: list[int], other: list[int]) -> float:
    """The ratio of WCAG 2.2, 1.4.11: at least 3 for the parts of a control."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: list[int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (it / 12.92 if it <= 0.04 else ((it + 0.055) / 1.055) ** 2.4 for it in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
