"""Real Chromium against a real Hypercorn process."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    Position,
    async_playwright,
)
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.database import open_database
from quart_popovers.demo.__main__ import migrate
from quart_popovers.models import Post, User, utc_now
from tests.visitor import PASSWORD

ROOT = Path(__file__).parent.parent.parent
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PEOPLE = ("ada", "bo", "chidi", "dora", "emeka", "fatima", "grace", "hiro", "ines", "jo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder; leave it out, saying why, where there is no browser."""
    reason = None if find_chromium() else "no Chromium here: install the package chromium"
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if reason and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason))


def find_chromium() -> str | None:
    """The machine's Chromium, else the one that Playwright downloaded."""
    return find_program("chromium", "chromium-browser", "google-chrome") or find_downloaded()


def find_headless_shell() -> str | None:
    """Chromium without a window system: the same pages for half the CPU."""
    return find_program("chromium-headless-shell") or find_chromium()


def find_program(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def find_downloaded() -> str | None:
    downloads = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "~/.cache/ms-playwright"))
    found_downloads = sorted(downloads.expanduser().glob("chromium-*/chrome-linux*/chrome"))
    return str(found_downloads[-1]) if found_downloads else None


@dataclass(frozen=True)
class Site:
    """A running site; everybody in PEOPLE has the password of the tests."""

    url: str
    database_url: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Hypercorn with the shipped configuration on a free port, stopped at the end."""
    database_url = f"sqlite:///{tmp_path_factory.mktemp('site')}/site.db"
    migrate(database_url)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    settings = {
        "SECRET_KEY": "a key that only browser tests would ever use",
        "DATABASE_URL": database_url,
        "AVATARS": "identicon",
        "SECURE_COOKIES": "false",
        "RATE_LIMITS": "false",
        "LOG_LEVEL": "WARNING",
    }
    command = ["-m", "hypercorn", "-c", "hypercorn.toml", "-b", address]
    server = subprocess.Popen(
        [sys.executable, *command, "quart_popovers:create_app()"],
        cwd=ROOT,
        env=os.environ | settings,
    )
    try:
        wait_until_it_answers(f"http://{address}/healthz", server)
        yield Site(f"http://{address}", database_url)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(15)


def wait_until_it_answers(url: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server ended with {server.returncode}")


@pytest.fixture(scope="session")
async def people(site: Site, password_hash: str) -> Site:
    """The site with everybody in PEOPLE, who have each said a few things."""
    database = open_database(site.database_url)
    async with AsyncSession(database.writer) as db, db.begin():
        rows = [
            {
                "username": name,
                "email": f"{name}@example.com",
                "password_hash": password_hash,
                "about_me": f"I am {name}.",
                "post_count": 3,
            }
            for name in PEOPLE
        ]
        ids = (await db.scalars(insert(User).returning(User.id), rows)).all()
        posts = [
            {"user_id": user_id, "body": f"Comment {n}", "timestamp": utc_now()}
            for n in range(3)
            for user_id in ids
        ]
        await db.execute(insert(Post), posts)
    await database.dispose()
    return site


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    async with launched(playwright, find_headless_shell()) as browser:
        yield browser


@pytest.fixture(scope="session")
async def desktop_chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    """The browser that people have, for modules that put it in place of `chromium`."""
    async with launched(playwright, find_chromium()) as browser:
        yield browser


@asynccontextmanager
async def launched(playwright: Playwright, executable: str | None) -> AsyncIterator[Browser]:
    if executable is None:
        pytest.fail("no Chromium here, and in CI there must be one")
    browser = await playwright.chromium.launch(executable_path=executable, args=QUIET)
    yield browser
    await browser.close()


@pytest.fixture
async def context(chromium: Browser, people: Site) -> AsyncIterator[BrowserContext]:
    """A browser profile of its own, not signed in."""
    context = await chromium.new_context(base_url=people.url)
    yield context
    await context.close()


@pytest.fixture
async def complaints() -> list[str]:
    """What the browser complained of; a test that expects something takes it out."""
    return []


@pytest.fixture
async def page(context: BrowserContext, complaints: list[str]) -> AsyncIterator[Page]:
    """A tab. Errors on the console, in scripts and of the content security policy fail the test."""
    page = await context.new_page()
    page.on("console", lambda it: complaints.append(it.text) if it.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


async def rest_on(link: Locator) -> None:
    """Move there as a hand does, not in one leap, once the page has its scripts."""
    await link.page.wait_for_load_state("load")
    await link.hover(position=Position(x=2, y=2))
    await link.hover(position=Position(x=4, y=4))


async def sign_in_as(name: str, page: Page) -> None:
    """Sign somebody of PEOPLE in; the tab is at the feed then."""
    await page.goto("/login")
    await page.get_by_label("Username or email").fill(name)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/")


@pytest.fixture
async def signed_in_page(page: Page) -> Page:
    """A tab in which ada is signed in, at the feed."""
    await sign_in_as("ada", page)
    return page
