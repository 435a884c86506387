"""Two servers behind one address are restarted one after the other, and nobody loses a comment."""

import asyncio
import signal
from pathlib import Path

from tests.serving.browser import Unanswered
from tests.serving.people import PEOPLE
from tests.serving.posters import Poster, count_comments, sign_in_posters
from tests.serving.server import Server

ENOUGH = 30  # comments between two steps, so that each step meets people at work


async def post_retrying_once(poster: Poster, ports: list[int]) -> None:
    """Post as through a proxy: to the servers in turn, and once more to the other one."""
    poster.browser.port = ports[poster.count % 2]
    try:
        await poster.post()
    except Unanswered:
        poster.browser.port = ports[poster.count % 2]
        await poster.retry()


async def test_a_rolling_restart_loses_nothing_that_is_sent_again_once(
    sqlite_url: str, tmp_path: Path
) -> None:
    servers = [Server(sqlite_url, tmp_path), Server(sqlite_url, tmp_path)]
    async with servers[0], servers[1]:
        posters = await sign_in_posters(servers[0].browser(), PEOPLE, 8)
        record = posters[0].record
        finished = asyncio.Event()

        async def post_on(poster: Poster) -> None:
            while not finished.is_set():
                await post_retrying_once(poster, [server.port for server in servers])

        async def until_more_are_answered() -> None:
            enough = len(record.answered) + ENOUGH
            while len(record.answered) < enough and not any(it.done() for it in load):
                await asyncio.sleep(0.01)

        load = [asyncio.create_task(post_on(poster)) for poster in posters]
        for server in servers:
            await until_more_are_answered()
            server.send_signal(signal.SIGTERM)
            assert await server.wait() == 0
            await until_more_are_answered()
            await server.start()
        finished.set()
        await asyncio.gather(*load)

    comments = await count_comments(sqlite_url)
    assert record.wrong == []
    assert comments == dict.fromkeys(record.answered, 1)
    assert all(server.ended_without_a_traceback() for server in servers)


async def test_ctrl_c_stops_the_demo_cleanly_and_it_starts_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    demo = Server(sqlite_url, tmp_path)
    demo.command = [demo.command[0], "-m", "quart_popovers.demo", str(demo.port)]

    async with demo:
        for _ in range(2):
            assert (await demo.browser().get("/healthz")).status == 200
            demo.send_signal(signal.SIGINT, to_group=True)
            assert await demo.wait() == 0
            await demo.start()

    assert demo.ended_without_a_traceback(), demo.log
