"""A Redis of a test's own, which it can stop, freeze and start again."""

import asyncio
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Self

import pytest

from tests.serving.server import GIVE_UP_S, free_port


def find_redis() -> str:
    """Where the program is; skips the test where it is missing, fails it in CI."""
    found = shutil.which("redis-server")
    if found is None:
        reason = "no Redis here: install the package redis-server"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


class Redis:
    """Redis on a free port of this machine, which keeps nothing."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start, and wait until it lets somebody in."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._server = subprocess.Popen(
            [self._program, *options], cwd=self._folder, stdout=subprocess.DEVNULL
        )
        async with asyncio.timeout(GIVE_UP_S):
            while not await self._answers():
                await asyncio.sleep(0.01)

    async def _answers(self) -> bool:
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    async def stop(self) -> None:
        if self._server:
            self._server.kill()
            await asyncio.to_thread(self._server.wait)
            self._server = None

    def freeze(self) -> None:
        """Let it stand still: it takes connections and answers none."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._server is not None
        self._server.send_signal(signal.SIGCONT)

    def keys(self) -> list[bytes]:
        return self.lines("KEYS", "*")

    def calls_of(self, command: str) -> int:
        """How often it was asked this, as `evalsha`."""
        prefix = f"cmdstat_{command}:calls=".encode()
        lines = self.lines("INFO", "commandstats")
        found = [line.removeprefix(prefix) for line in lines if line.startswith(prefix)]
        return int(found[0].split(b",")[0]) if found else 0

    def connections_received(self) -> int:
        """How many there have been, with the one that asks."""
        stats = dict(line.split(b":") for line in self.lines("INFO", "stats") if b":" in line)
        return int(stats[b"total_connections_received"])

    def lines(self, *words: str) -> list[bytes]:
        """The answer to a command."""
        command = ["redis-cli", "-p", str(self.port), *words]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        return [line for line in answer.splitlines() if line]  # one, empty, for an empty list
