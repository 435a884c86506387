"""Write `favicon.ico` from `icon.svg`, for browsers that ask for it without a page."""

import asyncio
import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.async_api import async_playwright

STATIC = Path(__file__).parent.parent / "quart_popovers/static"
SIZE_PX = 32


async def picture() -> bytes:
    """The icon as a PNG with a transparent background."""
    svg = (STATIC / "icon.svg").read_text()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = await browser.new_page(viewport={"width": SIZE_PX, "height": SIZE_PX})
        await page.set_content(f"<style>body {{ margin: 0 }}</style>{svg}")
        png = await page.screenshot(omit_background=True)
        await browser.close()
    return png


if __name__ == "__main__":
    with Image.open(io.BytesIO(asyncio.run(picture()))) as image:
        image.save(STATIC / "favicon.ico", sizes=[(SIZE_PX, SIZE_PX)])
