"""A page of links on the site's own origin; the test controls every answer."""

import asyncio
from dataclasses import dataclass, field
from html import escape

from playwright.async_api import CDPSession, Locator, Page, Request, Route, expect

from quart_popovers.web.headers import CONTENT_SECURITY_POLICY
from quart_popovers.web.static_files import STATIC_URL_PATH

SCRIPT = f"{STATIC_URL_PATH}/hovercard/hovercard.min.js"
STYLE = f"{STATIC_URL_PATH}/hovercard/hovercard.css"
START_MS = 10_000
POLICY = CONTENT_SECURITY_POLICY.replace("img-src", "img-src data:")

# Counts the answers that the module has received, so that a test can wait for them. It uses a
# message channel because the page's timers are stopped.
COUNT_ANSWERS = """
const count = () => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const { dataset } = document.documentElement;
    dataset.answers = Number(dataset.answers ?? 0) + 1;
  };
  channel.port2.postMessage(null);
};
const real = window.fetch;
window.calls = 0;
window.fetch = async (...call) => {
  window.calls += 1;
  const response = await real(...call).catch((error) => { count(); throw error; });
  if (!response.ok) count();
  const { text } = response;
  response.text = () => text.call(response).finally(count);
  return response;
};
"""

# Every value of data-state, in order; a test of what was never shown reads it.
RECORD_STATES = """
window.states = [];
document.addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  const state = document.querySelector("#hover-card")?.dataset.state;
  if (state && window.states.at(-1) !== state) window.states.push(state);
}).observe(document, { subtree: true, attributeFilter: ["data-state"] }));
"""

LOOK = """
body { margin: 0; min-block-size: 3000px; font: 16px/1.5 sans-serif; }
main { position: absolute; inset: 200px 0 auto 200px; }
.corner { position: fixed; margin: 0; }
.top { top: 0; } .bottom { bottom: 0; } .left { left: 0; } .right { right: 0; }
.system-colours { color-scheme: light dark; background: Canvas; color: CanvasText; }
.large-text { font-size: 200%; }
.host-variables { --surface: 0 0% 100%; --text: 0 0% 4%; --muted: 0 0% 45%; --line: 0 0% 90%;
  --accent: 0 0% 9%; --shadow: 0; }
.host-colours { --hovercard-background: rgb(1 1 1); --hovercard-text: rgb(2 2 2);
  --hovercard-muted: rgb(3 3 3); --hovercard-line: rgb(4 4 4); --hovercard-accent: rgb(5 5 5);
  --hovercard-shadow: rgb(6 6 6) 1px 1px; }
.middle { left: 45%; } .centre { top: 45%; left: 45%; }
.cover { position: fixed; z-index: 99; inset: 0 0 auto 0; margin: 0; block-size: 250px;
  background: silver; opacity: 0.5; pointer-events: none; }
.column a { display: block; inline-size: fit-content; margin-block-end: 36px; }
.narrow { inline-size: 90px; }
.clipped { position: relative; z-index: 0; overflow: auto; block-size: 60px; inline-size: 200px; }
.clipped::after { content: ""; display: block; block-size: 600px; }
.far { margin-block-start: 1500px; }
"""


def link(name: str, text: str = "", attributes: str = "") -> str:
    url = f"/user/{escape(name)}"
    return f'<a href="{url}" data-hovercard-url="{url}/popup" {attributes}>{text or name}</a>'


def fragment(name: str, about: str = "", comments: int = 12) -> str:
    """What the server sends: the shape of templates/hovercards/_card.html."""
    return f"""<article class="card" data-username="{name}">
<header class="card-person"><span class="avatar"></span>
<a class="card-name" href="/user/{name}"><bdi>{name}</bdi></a></header>
<p class="card-about"><bdi>{about or f"I am {name}."}</bdi></p>
<dl class="card-facts"><div><dt>Comments</dt><dd>{comments}</dd></div></dl></article>"""


@dataclass
class Answer:
    """What the endpoint says about one person."""

    html: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"1"'})
    is_lost: bool = False
    content_type: str = "text/html"


@dataclass
class Playground:
    page: Page
    requests: list[Request] = field(default_factory=list)
    failed: list[Request] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    body: str = ""
    attributes: str = ""
    session: CDPSession | None = None
    pointer: tuple[float, float] = (0, 0)

    async def prepare(self) -> None:
        self.gate.set()
        await self.page.add_init_script(COUNT_ANSWERS + RECORD_STATES)
        await self.page.route("**/playground", self._serve_page)
        await self.page.route("**/playground.css", self._serve_look)
        await self.page.route("**/user/*", self._serve_person)
        await self.page.route("**/user/*/popup", self._serve_fragment)
        self.page.on("requestfailed", lambda request: self.failed.append(request))  # noqa: PLW0108

    async def open(self, body: str, attributes: str = "") -> None:
        """Show a page with this body; its clock then stands still until `run`."""
        self.body, self.attributes = body, attributes
        await self.page.clock.install(time=0)
        await self.page.goto("/playground")
        await expect(self.card).to_be_attached()
        await self.page.clock.pause_at(START_MS)

    async def _serve_page(self, route: Route) -> None:
        body = f"""<!doctype html><html lang="en" {self.attributes}><head><title>Playground</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/playground.css">
<link rel="stylesheet" href="{STYLE}"><script type="module" src="{SCRIPT}"></script></head>
<body>{self.body}</body></html>"""
        headers = {"Content-Security-Policy": POLICY}
        await route.fulfill(body=body, content_type="text/html", headers=headers)

    async def _serve_look(self, route: Route) -> None:
        await route.fulfill(body=LOOK, content_type="text/css")

    async def _serve_person(self, route: Route) -> None:
        title = f"<!doctype html><title>{name_in(route.request.url)}</title>"
        await route.fulfill(body=title, content_type="text/html")

    async def _serve_fragment(self, route: Route) -> None:
        name = name_in(route.request.url)
        self.requests.append(route.request)
        await self.gate.wait()
        answer = self.answers.get(name, Answer())
        if route.request in self.failed:
            return
        if answer.is_lost:
            await route.abort("connectionfailed")
            return
        headers = {"Cache-Control": "private, no-cache"} | answer.headers
        known = await route.request.header_value("If-None-Match")
        if known and known == headers.get("ETag"):
            await route.fulfill(status=304, headers=headers)
            return
        body = answer.html or fragment(name)
        await route.fulfill(
            status=answer.status, body=body, content_type=answer.content_type, headers=headers
        )

    @property
    def card(self) -> Locator:
        return self.page.locator("#hover-card")

    @property
    def asked(self) -> list[str]:
        """Whose card was asked for, in order."""
        return [name_in(request.url) for request in self.requests]

    @property
    def aborted(self) -> list[str]:
        """Whose card the page no longer wanted."""
        return [name_in(it.url) for it in self.failed if it.failure == "net::ERR_ABORTED"]

    def link(self, name: str) -> Locator:
        return self.page.locator(f'a[href="/user/{name}"]:not(#hover-card *)').first

    async def run(self, ms: int) -> None:
        """Let exactly so much time pass in the page."""
        await self.page.clock.run_for(ms)

    async def move_to(self, target: Locator | str, dx: float = 0, dy: float = 0) -> None:
        """Into the middle of a link, in two steps: the second is movement inside it."""
        locator = self.link(target) if isinstance(target, str) else target
        box = await locator.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy
        await self.page.mouse.move(x - 2, y - 1)
        await self.page.mouse.move(x, y)
        self.pointer = x, y

    async def walk_to(self, name: str) -> None:
        """Straight up or down to a link from where the pointer is, as a hand does: 0.5 px a ms."""
        box = await self.link(name).bounding_box()
        assert box is not None
        x, y = self.pointer
        end = box["y"] + box["height"] / 2
        while y != end:
            y += max(-10, min(end - y, 10))
            await self.page.mouse.move(x, y)
            await self.run(20)
        self.pointer = x, y

    async def move_away(self) -> None:
        await self.page.mouse.move(5, 590)

    async def answered(self, count: int) -> None:
        """Wait until the module has so many answers in hand."""
        if not count:
            return
        await expect(self.page.locator("html")).to_have_attribute("data-answers", str(count))

    async def hover(self, name: str) -> None:
        """All the way to an open card with its content."""
        await self.move_to(name)
        await self.rest()
        await self.is_open(name)

    async def rest(self) -> None:
        """Let 400 ms pass, in which the network has all the time it needs."""
        await self.run(100)
        if self.gate.is_set():
            await self.answered(await self.page.evaluate("window.calls"))
        await self.run(300)

    async def tab_to(self, name: str) -> None:
        """Real Tab presses, from wherever focus is, until it is on this link."""
        for _press in range(10):
            await self.page.keyboard.press("Tab")
            if await self.focused() == name:
                return
        raise AssertionError(f"Tab never came to {name}")

    async def focused(self) -> str:
        text: str = await self.page.evaluate("document.activeElement.textContent.trim()")
        return text

    async def open_by_focus(self, name: str) -> None:
        await self.tab_to(name)
        await self.rest()
        await self.is_open(name)

    async def is_open(self, name: str) -> None:
        await expect(self.card).to_have_attribute("data-state", "open")
        await expect(self.card.locator(".card-name")).to_have_text(name)
        await expect(self.card).to_be_visible()

    async def is_in_state(self, state: str) -> None:
        await expect(self.card).to_have_attribute("data-state", state)

    async def is_closed(self) -> None:
        await self.is_in_state("closed")
        await expect(self.card).to_be_hidden()

    async def states(self) -> list[str]:
        states: list[str] = await self.page.evaluate("window.states")
        return states

    async def devtools(self) -> CDPSession:
        """One session a page: a touch that begins in one cannot end in another."""
        if self.session is None:
            self.session = await self.page.context.new_cdp_session(self.page)
        return self.session


def name_in(url: str) -> str:
    """alice, of /user/alice and of /user/alice/popup."""
    return url.rpartition("/user/")[2].partition("/")[0]
