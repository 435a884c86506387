"""Shares of the CPU time of one popup and of one feed page.

Measured without a server and under cProfile, which overstates small functions.
"""

import asyncio
import cProfile
import pstats
from collections import defaultdict
from itertools import cycle, islice

from quart import Quart

from quart_popovers import create_app
from quart_popovers.settings import Settings

from .cases import Figures
from .cookies import SECRET_KEY
from .databases import BASE
from .run import Run

AT_ONCE = 8
REQUESTS = 1_000

FRAMEWORK = "framework (Quart, Werkzeug, quart-auth, quart-schema)"
DATABASE = "database (SQLAlchemy, driver)"
TEMPLATES = "templates (Jinja) and forms (WTForms)"
OURS = "our code"
# The share of a file, by a part of its path; the first match counts.
SHARES = {
    "aiosqlite": DATABASE,
    "sqlalchemy": DATABASE,
    ".html": TEMPLATES,
    "jinja2": TEMPLATES,
    "markupsafe": TEMPLATES,
    "wtforms": TEMPLATES,
    "quart_popovers": OURS,
    "quart_auth": FRAMEWORK,
    "quart_schema": FRAMEWORK,
    "pydantic": FRAMEWORK,
    "/quart/": FRAMEWORK,
    "/flask/": FRAMEWORK,
    "werkzeug": FRAMEWORK,
    "blinker": FRAMEWORK,
    "itsdangerous": FRAMEWORK,
}
REST = "Python and other libraries"


def measure(run: Run) -> Figures:
    run.report.heading(f"Shares of one request without its server ({AT_ONCE} at once)")
    database_url = run.sqlite()
    popups = [f"/user/person{n}/popup" for n in range(BASE.people)]
    shares = {
        "popup": asyncio.run(_profile(database_url, popups, run.cookie)),
        "feed page": asyncio.run(_profile(database_url, ["/"], run.cookie)),
    }
    run.report.table("percent of", *shares)
    for share in (OURS, DATABASE, TEMPLATES, FRAMEWORK, REST):
        run.report.row(share, *(f"{found[share]:.0f}" for found in shares.values()))
    return {}


async def _profile(database_url: str, paths: list[str], cookie: str) -> dict[str, float]:
    """Percent of the time by share."""
    settings = Settings(
        _env_file=None,
        secret_key=SECRET_KEY,
        database_url=database_url,
        rate_limits=False,
        log_level="WARNING",
    )
    app = create_app(settings)
    profiler = cProfile.Profile()
    wanted = list(islice(cycle(paths), REQUESTS))
    async with app.test_app():
        await _ask(app, wanted[:AT_ONCE], cookie)
        profiler.enable()
        for start in range(0, REQUESTS, AT_ONCE):
            await _ask(app, wanted[start : start + AT_ONCE], cookie)
        profiler.disable()
    return _shares(pstats.Stats(profiler))


def _shares(stats: pstats.Stats) -> dict[str, float]:
    shares: dict[str, float] = defaultdict(float)
    for (path, _line, _name), (_calls, _all, own_s, *_rest) in stats.stats.items():  # type: ignore[attr-defined]
        shares[next((share for part, share in SHARES.items() if part in path), REST)] += own_s
    total_s = sum(shares.values())
    return defaultdict(float, {share: 100 * own_s / total_s for share, own_s in shares.items()})


async def _ask(app: Quart, paths: list[str], cookie: str) -> None:
    await asyncio.gather(*(_request(app, path, cookie) for path in paths))


async def _request(app: Quart, path: str, cookie: str) -> None:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 50_000),
    }
    events: list[dict[str, object]] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, object]:
        return events.pop() if events else await asyncio.Future()

    async def send(event: dict[str, object]) -> None:
        assert event.get("status", 200) == 200, event

    await app(scope, receive, send)  # type: ignore[arg-type]
