"""Take the README's pictures: `make run` in one terminal, `python docs/pictures/take.py` in another."""

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright

FOLDER = Path(__file__).parent
Scheme = Literal["light", "dark"]


async def main(url: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for scheme in ("light", "dark"):
            await take(browser, url, scheme)
        await browser.close()


async def take(browser: Browser, url: str, scheme: Literal["light", "dark"]) -> None:
    context = await browser.new_context(
        base_url=url, color_scheme=scheme, viewport={"width": 900, "height": 640}
    )
    page = await context.new_page()
    await page.goto("/login")
    await keep(page, f"sign-in-{scheme}")
    await page.get_by_label("Username or email").fill("ada")
    await page.get_by_label("Password").fill("hover-over-me")
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/")
    await page.goto("/")
    await rest_on(page, 1)
    await keep(page, f"feed-{scheme}")
    await page.goto("/user/ada")
    await keep(page, f"profile-{scheme}")
    await page.goto("/edit-profile")
    await keep(page, f"edit-profile-{scheme}")
    await context.close()


async def rest_on(page: Page, number: int) -> None:
    """Rest the pointer on a name until its card is open."""
    name = page.locator("article [data-hovercard-url]").nth(number)
    await name.hover()
    await page.mouse.move(0, 0)
    await name.hover()
    await page.locator("#hover-card[data-state=open]").wait_for()


async def keep(page: Page, name: str) -> None:
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:5000"))
