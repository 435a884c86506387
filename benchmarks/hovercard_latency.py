"""From hover to painted card at several network delays: our script beside the tutorial's.

Run: `python -m benchmarks.hovercard_latency`. The Flask tutorial on which this site is based sends
the request 500 ms after the pointer has entered the link.
"""

import asyncio
import shutil
import statistics
from pathlib import Path

from playwright.async_api import Browser, Page, Route, async_playwright

FOLDER = Path(__file__).parent.parent / "quart_popovers/static/hovercard"
DELAYS_MS = (0, 100, 250, 500)
HOVERS = 20
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

OURS = '<script type="module" src="/hovercard.min.js"></script>'
TUTORIAL = '<script type="module" src="/tutorial.js"></script><div id="hover-card" hidden></div>'

TUTORIAL_SCRIPT = """
const card = document.querySelector("#hover-card");
let timer;
let request;
document.querySelectorAll("[data-hovercard-url]").forEach((link) => {
  link.addEventListener("mouseenter", () => {
    timer = setTimeout(async () => {
      request = new AbortController();
      const response = await fetch(link.dataset.hovercardUrl, { signal: request.signal });
      card.innerHTML = await response.text();
      card.hidden = false;
    }, 500);
  });
  link.addEventListener("mouseleave", () => {
    clearTimeout(timer);
    request?.abort();
    card.hidden = true;
    card.innerHTML = "";
  });
});
"""

# From the first movement inside the link to the frame after the one that shows the person's text.
MEASURE = """
let began = 0;
document.addEventListener("pointermove", (event) => {
  if (!began && event.target.closest("a")) began = performance.now();
});
window.painted = (text) => new Promise((done) => {
  const check = () => {
    const card = document.querySelector("#hover-card");
    if (!card?.checkVisibility() || !card.textContent.includes(text)) {
      return requestAnimationFrame(check);
    }
    requestAnimationFrame(() => {
      done(performance.now() - began);
      began = 0;
    });
  };
  check();
});
"""


async def serve(route: Route, script: str, delay_ms: int) -> None:
    """Answer the page, its script and style at once, and fragments after the delay."""
    path = route.request.url.partition("example.com")[2]
    if path.endswith("/popup"):
        await asyncio.sleep(delay_ms / 1000)
        name = path.split("/")[2]
        body = f'<article class="card"><p class="card-about">I am {name}.</p></article>'
        await route.fulfill(body=body, content_type="text/html", headers={"ETag": f'"{name}"'})
    elif path == "/":
        links = " ".join(
            f'<p><a href="/user/p{n}" data-hovercard-url="/user/p{n}/popup">person {n}</a></p>'
            for n in range(HOVERS)
        )
        head = f'<!doctype html><link rel="stylesheet" href="/hovercard.css"><body>{links}{script}'
        await route.fulfill(body=head, content_type="text/html")
    elif path == "/tutorial.js":
        await route.fulfill(body=TUTORIAL_SCRIPT, content_type="text/javascript")
    elif (FOLDER / path[1:]).is_file():
        await route.fulfill(path=FOLDER / path[1:])
    else:
        await route.fulfill(status=404)


async def hover(page: Page, number: int) -> float:
    """Milliseconds until this person's card is painted. Then leave it until the script is idle."""
    box = await page.locator(f'a[href="/user/p{number}"]').bounding_box()
    if box is None:
        raise RuntimeError("the link is not in the page")
    await page.mouse.move(box["x"] + 2, box["y"] + 6)
    await page.mouse.move(box["x"] + 6, box["y"] + 8)
    painted: float = await page.evaluate(f"window.painted('I am p{number}.')")
    await page.mouse.move(790, 1190)
    await asyncio.sleep(0.8)  # longer than grace and warm time: every hover is a first one
    return painted


async def measure(browser: Browser, script: str, delay_ms: int) -> list[float]:
    page = await browser.new_page(viewport={"width": 800, "height": 1200})
    await page.add_init_script(MEASURE)
    await page.route("**/*", lambda route: serve(route, script, delay_ms))
    await page.goto("https://example.com/")
    await page.locator("#hover-card").wait_for(state="attached")
    times = [await hover(page, number) for number in range(HOVERS)]
    await page.close()
    return times


def summary(times: list[float]) -> str:
    return f"{statistics.median(times):6.0f} ({min(times):4.0f} to {max(times):4.0f})"


async def main() -> None:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=QUIET)
        print(f"Hover to painted card in ms, median of {HOVERS} (least to most)")
        print(f"{'network':>8}  {'ours':<22}  the tutorial's")
        for delay_ms in DELAYS_MS:
            ours = await measure(browser, OURS, delay_ms)
            tutorial = await measure(browser, TUTORIAL, delay_ms)
            print(f"{delay_ms:>8}  {summary(ours):<22}  {summary(tutorial)}", flush=True)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
