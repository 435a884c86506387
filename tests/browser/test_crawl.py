"""Every page that two people can reach by links, in four ways to look at it."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.browser.conftest import sign_in_as

WIDTHS = {"narrow": 320, "wide": 1280}
# One of a kind is enough: the tenth profile is made like the first.
PEOPLE_TO_VISIT = 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("person", ["ada", "bo"])
async def test_no_page_has_an_error_or_a_barrier(
    page: Page, person: str, width: str, scheme: str
) -> None:
    """The console, scripts and the content security policy are watched by the page itself."""
    await page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await sign_in_as(person, page)
    waiting, seen, barriers = ["/"], {"/"}, []

    while waiting:
        await page.goto(waiting.pop())
        barriers += await violations(page)
        for path in await links(page):
            if path not in seen and is_worth_a_visit(path, seen):
                seen.add(path)
                waiting.append(path)

    assert barriers == []
    assert {f"/user/{person}", "/edit-profile", "/account"} <= seen


async def links(page: Page) -> list[str]:
    """Addresses of pages of this site; a download is none."""
    found = await page.locator("a[href]:not([download])").evaluate_all(
        "links => links.filter(link => link.origin === location.origin).map(link => link.href)"
    )
    return [urlsplit(address).path for address in found]


def is_worth_a_visit(path: str, seen: set[str]) -> bool:
    profiles = [other for other in seen if other.startswith("/user/")]
    return not path.startswith("/user/") or len(profiles) <= PEOPLE_TO_VISIT


async def violations(page: Page) -> list[str]:
    found = await Axe().run(page)
    return [
        f"{page.url} {it['id']}: {it['nodes'][0]['html']}" for it in found.response["violations"]
    ]
