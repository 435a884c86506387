"""A deploy loses nothing: what a stop does to requests, streams, workers and background work."""

import asyncio
import os
import signal
import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quart_popovers import SLOWEST_BODY_S
from quart_popovers.database import PATIENCE_S
from tests.serving.server import (
    ROOT,
    STREAMING_SITE,
    Server,
    until_exists,
    until_gone,
    until_it_refuses,
)
from tests.serving.sqlite_file import read, write

HYPERCORN = tomllib.loads((ROOT / "hypercorn.toml").read_text())

# Further interpreters with the site's requirements installed, separated by colons, for example
# TEST_PYTHONS=/tmp/site-3.13/bin/python
PYTHONS = [None, *filter(None, os.environ.get("TEST_PYTHONS", "").split(":"))]

STOPS = {
    "SIGTERM to the main process": (signal.SIGTERM, False),
    "SIGTERM to the group": (signal.SIGTERM, True),
    "SIGINT to the group": (signal.SIGINT, True),
}


@pytest.fixture(params=PYTHONS, ids=lambda python: python or "this Python")
def python(request: pytest.FixtureRequest) -> str:
    return request.param or sys.executable


@pytest.fixture
async def two_workers(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    async with Server(sqlite_url, tmp_path, site=STREAMING_SITE, workers=2) as server:
        yield server


async def hold(server: Server) -> tuple[asyncio.Task[str], int]:
    """A request in flight, which is answered once there is a file `release`; and its worker."""

    async def ask() -> str:
        return (await server.browser().get("/test-only/held/holder")).text

    held = asyncio.create_task(ask())
    return held, int(await until_exists(server.folder / "holder"))


async def listen(server: Server) -> asyncio.Task[str]:
    """An open stream that has begun."""

    async def ask() -> str:
        return (await server.browser().get("/test-only/stream/listener")).text

    stream = asyncio.create_task(ask())
    await until_exists(server.folder / "listener")
    return stream


def release(server: Server) -> None:
    (server.folder / "release").touch()


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("workers", [1, 2])
async def test_a_stop_answers_what_was_begun_and_ends_streams(
    sqlite_url: str, tmp_path: Path, workers: int, stop: str, python: str
) -> None:
    number, to_group = STOPS[stop]
    site = Server(sqlite_url, tmp_path, site=STREAMING_SITE, workers=workers, python=python)
    async with site as server:
        held, busy = await hold(server)
        stream = await listen(server)
        stopped_at = asyncio.get_running_loop().time()

        server.send_signal(number, to_group=to_group)
        last_words = await stream
        await until_it_refuses(server)
        was_still_held = not held.done()
        os.kill(busy, signal.SIGTERM)  # as Hypercorn does when the first worker has ended
        release(server)

        assert await held == "held holder"
        assert "last word" in last_words
        assert was_still_held
        assert await server.wait() == 0
        assert asyncio.get_running_loop().time() - stopped_at < HYPERCORN["graceful_timeout"]
        assert server.ended_without_a_traceback(), server.log


async def test_an_idle_worker_that_ends_first_leaves_the_busy_one_alone(
    two_workers: Server,
) -> None:
    held, busy = await hold(two_workers)
    (idle,) = set(two_workers.worker_pids()) - {busy}

    two_workers.send_signal(signal.SIGTERM)
    await until_gone(idle)
    release(two_workers)

    assert await held == "held holder"
    assert await two_workers.wait() == 0


async def test_who_was_here_is_written_down_at_a_stop(sqlite_url: str, tmp_path: Path) -> None:
    long_ago = "2001-01-01 00:00:00.000000"
    write(sqlite_url, f"UPDATE users SET last_seen = '{long_ago}'")
    async with Server(sqlite_url, tmp_path) as server:
        browser = server.browser()
        await browser.sign_in("ada")
        await browser.get("/")
        before = read(sqlite_url, "SELECT last_seen FROM users WHERE username = 'ada'")

        server.send_signal(signal.SIGTERM)
        await server.wait()

    after = read(sqlite_url, "SELECT last_seen FROM users WHERE username = 'ada'")
    assert before == [(long_ago,)]
    assert after > before


async def test_a_worker_that_dies_ends_the_server_for_its_supervisor(two_workers: Server) -> None:
    held, busy = await hold(two_workers)
    (other,) = set(two_workers.worker_pids()) - {busy}

    os.kill(other, signal.SIGKILL)
    await until_it_refuses(two_workers)
    release(two_workers)

    assert await held == "held holder"
    await two_workers.wait()  # the exit code says nothing: the last worker's, it may be 0


async def test_a_worker_that_alone_is_told_to_stop_stops_the_whole_server(
    two_workers: Server,
) -> None:
    held, busy = await hold(two_workers)

    os.kill(busy, signal.SIGTERM)
    await until_it_refuses(two_workers)
    release(two_workers)

    assert await held == "held holder"
    assert await two_workers.wait() == 0


async def test_workers_without_their_main_process_end_and_free_the_port(
    two_workers: Server,
) -> None:
    workers = two_workers.worker_pids()

    two_workers.send_signal(signal.SIGKILL)
    for worker in workers:
        await until_gone(worker)

    await two_workers.start()
    assert (await two_workers.browser().get("/healthz")).status == 200


def test_slow_senders_are_told_so_before_a_stop_would_cut_them_off() -> None:
    assert HYPERCORN["graceful_timeout"] > SLOWEST_BODY_S + PATIENCE_S
