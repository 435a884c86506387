"""Take the README's pictures of a running demo site (`make run`) in Chromium."""

import asyncio
import io
import shutil
import sys
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.async_api import Browser, Locator, Page, async_playwright

FOLDER = Path(__file__).parent.parent / "docs/pictures"
Scheme = Literal["light", "dark"]


async def main(url: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for scheme in ("light", "dark"):
            await take(browser, url, scheme)
        await film(browser, url)
        await browser.close()


async def take(browser: Browser, url: str, scheme: Scheme) -> None:
    context = await browser.new_context(
        base_url=url, color_scheme=scheme, viewport={"width": 900, "height": 640}
    )
    page = await context.new_page()
    await page.goto("/login")
    await keep(page, f"sign-in-{scheme}")
    await sign_in(page)
    await rest_on(page, 1)
    await keep(page, f"feed-{scheme}")
    await page.goto("/user/ada")
    await keep(page, f"profile-{scheme}")
    await page.goto("/edit-profile")
    await keep(page, f"edit-profile-{scheme}")
    await context.close()


async def sign_in(page: Page) -> None:
    await page.goto("/login")
    await page.get_by_label("Username or email").fill("ada")
    await page.get_by_label("Password").fill("hover-over-me")
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/")
    await page.goto("/")


async def film(browser: Browser, url: str) -> None:
    """Record a pointer that rests on a name, enters the card, goes to the next name and leaves."""
    context = await browser.new_context(base_url=url, viewport={"width": 700, "height": 420})
    page = await context.new_page()
    await sign_in(page)
    await page.mouse.wheel(0, 230)
    await page.evaluate(POINTER)
    names = page.locator("article .username")
    first, second = await middle(names.nth(2)), await middle(names.nth(3))
    frames = await move(page, (600, 400), first, 6)
    frames += await pause(page, 6)
    card = await middle(page.locator("#hover-card .card-about"))
    frames += await move(page, first, card, 4) + await pause(page, 4)
    frames += await move(page, card, second, 5) + await pause(page, 8)
    frames += await move(page, second, (650, 380), 4) + await pause(page, 5)
    frames[0].save(
        FOLDER / "hover.gif", save_all=True, append_images=frames[1:], duration=110, loop=0
    )
    await context.close()


# Screenshots show no pointer, so this dot stands for it.
POINTER = """() => {
  const dot = document.body.appendChild(document.createElement("div"));
  dot.popover = "manual";
  dot.showPopover();
  Object.assign(dot.style, { width: "14px", height: "14px", border: "2px solid white", padding: 0,
    borderRadius: "50%", background: "crimson", pointerEvents: "none", inset: "0 auto auto 0" });
  addEventListener("pointermove", ({ clientX: x, clientY: y }) => {
    dot.style.translate = `${x - 3}px ${y - 3}px`;
    dot.hidePopover(); dot.showPopover();
  }, true);
}"""


async def middle(locator: Locator) -> tuple[float, float]:
    box = await locator.bounding_box()
    if box is None:
        raise SystemExit("a name or card is missing on the page")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def move(
    page: Page, start: tuple[float, float], end: tuple[float, float], steps: int
) -> list[Image.Image]:
    frames = []
    for step in range(1, steps + 1):
        x, y = (a + (b - a) * step / steps for a, b in zip(start, end, strict=True))
        await page.mouse.move(x, y)
        frames.append(await frame(page))
    return frames


async def pause(page: Page, frames: int) -> list[Image.Image]:
    return [await frame(page) for _ in range(frames)]


async def frame(page: Page) -> Image.Image:
    await page.wait_for_timeout(90)
    return Image.open(io.BytesIO(await page.screenshot())).convert(
        "P", palette=Image.Palette.ADAPTIVE
    )


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
    asyncio.run(main(sys.argv[1]))
