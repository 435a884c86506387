"""Where the time of one popup goes, so that the next person sees where to look."""

import asyncio
import cProfile
import pstats
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TypeVar

from quart import Quart

from quart_popovers import create_app
from quart_popovers.settings import Settings

from .databases import PEOPLE, SECRET_KEY, sign_in_cookie
from .report import Report

Result = TypeVar("Result")

HOVERS = 5_000
AT_ONCE = 32

# Whose code a file is, by a part of its path; the first that fits.
SHARES = {
    "quart_popovers/hovercards/loader": "loader and query",
    "quart_popovers/hovercards/queries": "loader and query",
    "aiosqlite": "loader and query",
    "sqlalchemy": "loader and query",
    "_card.html": "template",
    "jinja2": "template",
    "markupsafe": "template",
    "quart_popovers": "our view and middleware",
    "quart_auth": "framework (Quart, Werkzeug, quart-auth, quart-schema)",
    "quart_schema": "framework (Quart, Werkzeug, quart-auth, quart-schema)",
    "/quart/": "framework (Quart, Werkzeug, quart-auth, quart-schema)",
    "/flask/": "framework (Quart, Werkzeug, quart-auth, quart-schema)",
    "werkzeug": "framework (Quart, Werkzeug, quart-auth, quart-schema)",
    "blinker": "framework (Quart, Werkzeug, quart-auth, quart-schema)",
}


def popup_bytes(url: str) -> int:
    """The size of one card."""
    return asyncio.run(_with_app(url, _size))


async def _size(app: Quart) -> int:
    client = app.test_client()
    answer = await client.get("/user/person1234/popup", headers={"Cookie": sign_in_cookie()})
    assert answer.status_code == 200, answer.status_code
    return len(await answer.get_data(as_text=False))


def measure(url: str, report: Report) -> None:
    """Shares of the time inside the application; the server's own is the ceiling's minus this."""
    profiler = cProfile.Profile()
    asyncio.run(_with_app(url, lambda app: _hover_under(profiler, app)))
    shares: dict[str, float] = defaultdict(float)
    for (path, _line, _name), (_calls, _all, own_s, *_rest) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        shares[next((share for part, share in SHARES.items() if part in path), "Python")] += own_s
    total = sum(shares.values())
    report.add("", f"## One popup without its server ({AT_ONCE} at once, under cProfile)")
    report.table("share of", "percent")
    for share, seconds in sorted(shares.items(), key=lambda item: -item[1]):
        report.row(share, f"{100 * seconds / total:.0f}")


async def _hover_under(profiler: cProfile.Profile, app: Quart) -> None:
    cookie = sign_in_cookie().encode()
    await asyncio.gather(*(_hover(app, n, cookie) for n in range(AT_ONCE)))
    profiler.enable()
    for start in range(0, HOVERS, AT_ONCE):
        await asyncio.gather(*(_hover(app, start + n, cookie) for n in range(AT_ONCE)))
    profiler.disable()


async def _hover(app: Quart, number: int, cookie: bytes) -> None:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": f"/user/person{number % PEOPLE}/popup",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie)],
        "client": ("127.0.0.1", 50_000),
    }

    async def receive() -> dict[str, object]:
        return await asyncio.Future()

    async def send(event: dict[str, object]) -> None:
        assert event.get("status", 200) == 200, event

    await app(scope, receive, send)  # type: ignore[arg-type]


async def _with_app(url: str, use: Callable[[Quart], Awaitable[Result]]) -> Result:
    settings = Settings(
        _env_file=None,
        secret_key=SECRET_KEY,
        database_url=url,
        secure_cookies=False,
        rate_limits=False,
        avatars="identicon",
        log_level="WARNING",
    )
    app = create_app(settings)
    async with app.test_app():
        return await use(app)
