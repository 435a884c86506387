"""Kills the whole server again and again while people post, and counts what is left.

`make chaos` runs 50 rounds; `python -m tests.chaos.kill ROUNDS SEED` any number. A round: 16
people post without a pause; after a number of answers that the seed decides, every process of
the server is killed; it starts again; each person sends the one form that was not answered once
more, with the same token. Then every comment that was answered with a redirect must be there,
none twice, and the database must be whole.
"""

import asyncio
import random
import shutil
import sys
import tempfile
from pathlib import Path

from quart_popovers.accounts.passwords import hash_password
from quart_popovers.demo.__main__ import migrate
from tests.serving import sqlite_file
from tests.serving.browser import Unanswered
from tests.serving.people import PEOPLE, add_people
from tests.serving.posters import Poster, count_comments, sign_in_posters
from tests.serving.server import Server
from tests.visitor import PASSWORD

POSTERS = 16
WORKERS = 2
MOST_ANSWERS = 60  # before the kill: from the first ones after a start to full load


async def kill_while_posting(server: Server, posters: list[Poster], answers: int) -> None:
    """Let everybody post until there are this many more answers, and kill the server then."""
    record = posters[0].record
    enough = len(record.answered) + answers
    killed = False

    async def post_on(poster: Poster) -> None:
        nonlocal killed
        try:
            while not killed:
                await poster.post()
                if len(record.answered) >= enough and not killed:
                    killed = True
                    await server.kill()
        except Unanswered:
            assert killed, server.log

    await asyncio.gather(*(post_on(poster) for poster in posters))


async def one_round(server: Server, posters: list[Poster], answers: int, url: str) -> None:
    record = posters[0].record
    await kill_while_posting(server, posters, answers)
    await server.start()
    await asyncio.gather(*(poster.retry() for poster in posters if poster.unsent))
    comments = await count_comments(url)
    assert record.wrong == [], record.wrong
    lost = set(record.answered) - set(comments)
    assert not lost, f"lost: {sorted(lost)}"
    twice = [comment for comment, times in comments.items() if times > 1]
    assert not twice, f"twice: {twice}"
    assert sqlite_file.read(url, "PRAGMA integrity_check") == [("ok",)]
    assert sqlite_file.read(url, "PRAGMA foreign_key_check") == []


async def run_rounds(url: str, folder: Path, rounds: int, seed: int) -> tuple[int, int]:
    """How many comments were answered, and how many forms had to be sent twice."""
    choose = random.Random(seed)
    async with Server(url, folder, workers=WORKERS) as server:
        posters = await sign_in_posters(server.browser(), PEOPLE, POSTERS)
        for _ in range(rounds):
            await one_round(server, posters, choose.randint(1, MOST_ANSWERS), url)
    return len(posters[0].record.answered), posters[0].record.unanswered


async def main(rounds: int, seed: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    url = f"sqlite:///{folder / 'site.db'}"
    await asyncio.to_thread(migrate, url)
    await add_people(url, await hash_password(PASSWORD))
    print(f"Seed {seed}; the database is in {folder} and stays there if a round fails.")
    answered, unanswered = await run_rounds(url, folder, rounds, seed)
    shutil.rmtree(folder)
    print(f"{rounds} kills: {answered} comments answered, {unanswered} forms sent again, none lost")


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    rounds, seed = arguments + [50, random.SystemRandom().randrange(10**6)][len(arguments) :]
    asyncio.run(main(rounds, seed))
