"""Attacks a real server with two workers, and measures what an honest visitor notices.

`make attack` sends 1,000 requests per attack; `python -m tests.chaos.attack REQUESTS` any number.
While an attack lasts, an honest visitor opens the sign-in page again and again. Every page must
come, within 500 ms, and when the attackers have gone, no connection may be left.
"""

import asyncio
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from quart_popovers.accounts.passwords import hash_password
from quart_popovers.demo.__main__ import migrate
from tests.chaos.attackers import ATTACKS, run_attack
from tests.serving.people import add_people
from tests.serving.server import Server
from tests.visitor import PASSWORD

WORKERS = 2
SLOWEST_MS = 500
HONEST_PAUSE_S = 0.02


@dataclass
class Outcome:
    """What an attack did to an honest visitor and to the server."""

    attack: str
    requests: int
    sockets_before: int
    sockets_after: int = 0
    answers: list[tuple[int, float]] = field(default_factory=list)  # status, milliseconds

    @property
    def all_answered(self) -> bool:
        return bool(self.answers) and {status for status, _ms in self.answers} == {200}

    @property
    def slowest_ms(self) -> float:
        return max(ms for _status, ms in self.answers)

    def __str__(self) -> str:
        usual_ms = median(ms for _status, ms in self.answers)
        return (
            f"{self.attack:26}{self.requests:>9}{len(self.answers):>9}{usual_ms:>9.0f}"
            f"{self.slowest_ms:>9.0f}{self.sockets_before:>9}{self.sockets_after:>7}"
        )


HEADINGS = (
    f"{'attack':26}{'requests':>9}{'honest':>9}{'p50 ms':>9}{'max ms':>9}{'sockets':>9}{'after':>7}"
)


async def attack(server: Server, name: str, requests: int, pool: ProcessPoolExecutor) -> Outcome:
    """Attack once; returns when all connections of the attackers are closed on the server."""
    outcome = Outcome(name, requests, server.open_sockets())
    loop = asyncio.get_running_loop()
    attacking = loop.run_in_executor(pool, run_attack, name, server.port, requests)
    while not attacking.done():
        started_at = time.monotonic()
        page = await server.browser().get("/login")
        outcome.answers.append((page.status, (time.monotonic() - started_at) * 1000))
        await asyncio.sleep(HONEST_PAUSE_S)
    await attacking
    await server.until_open_sockets_are(outcome.sockets_before)
    outcome.sockets_after = server.open_sockets()
    return outcome


async def run_attacks(url: str, folder: Path, requests: int) -> list[Outcome]:
    """One attack after another on the same server, whose log must have no traceback."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, int)  # starting is no attack
        async with Server(url, folder, workers=WORKERS) as server:
            outcomes = [await attack(server, name, requests, pool) for name in ATTACKS]
            assert server.ended_without_a_traceback(), server.log
    return outcomes


async def main(requests: int) -> int:
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        url = f"sqlite:///{folder}/site.db"
        await asyncio.to_thread(migrate, url)
        await add_people(url, await hash_password(PASSWORD))
        outcomes = await run_attacks(url, Path(folder), requests)
    print(HEADINGS, *outcomes, sep="\n")
    held = all(it.all_answered and it.slowest_ms < SLOWEST_MS for it in outcomes)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)))
