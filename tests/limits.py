"""Rate limits in tests: a clock that stands still, and guesses."""

from types import SimpleNamespace

import pytest

from quart_popovers.web import counters, rate_limits
from tests.visitor import Page, Visitor


class Clock:
    """The time that limits are counted by; it stands still until a test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Just after the start of a window of every length in use: no test straddles two by chance.
        self.now = 24 * 3600 * 20_000 + 1.0
        for module in ("limits.aio.storage.memory", "limits.aio.strategies"):
            monkeypatch.setattr(f"{module}.time", SimpleNamespace(time=lambda: self.now))
        for ours in (rate_limits, counters):
            monkeypatch.setattr(ours, "time", lambda: self.now)
        # Page loads are counted by the machine's clock, which goes on.
        monkeypatch.setattr(rate_limits, "PAGES_AT_ONCE", 10_000)


def wait_of(page: Page) -> int:
    """How long a 429 asks one to wait; it is a page that says so in words."""
    assert page.status == 429
    assert "That was too often. Please try again in" in page.text
    return int(page.headers["retry-after"])


async def guess(visitor: Visitor, name: str, number: int, password: str = "wrong") -> list[Page]:
    """So many sign-ins with a wrong password, from one open form."""
    token = (await visitor.get("/login")).csrf_token
    return [
        await visitor.post("/login", csrf_token=token, username=name, password=password)
        for _ in range(number)
    ]
