"""A real Hypercorn with the shipped configuration, started and ended by a test."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.serving.browser import Browser, Unanswered

ROOT = Path(__file__).parent.parent.parent
SECRET_KEY = "a key that only serving tests would ever use"
SITE = "quart_popovers:create_app()"
STREAMING_SITE = "tests.serving.streaming_site:create_streaming_site()"

# No measure of the site: how long a test waits on a busy machine before it gives up.
GIVE_UP_S = 60


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


class Server:
    """A site on a port of this machine, in a process group of its own."""

    def __init__(
        self,
        database_url: str,
        folder: Path,
        *,
        site: str = SITE,
        workers: int = 1,
        python: str = sys.executable,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.folder = folder
        self.workers = workers
        self.log_path = folder / f"server-{self.port}.log"
        self.process: asyncio.subprocess.Process | None = None
        bind = f"127.0.0.1:{self.port}"
        options = ["-c", "hypercorn.toml", "-b", bind, "-w", str(workers), site]
        self.command = [python, "-m", "hypercorn", *options]
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("QUART_")
        } | {
            "SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": database_url,
            "AVATARS": "identicon",
            "SECURE_COOKIES": "false",
            "RATE_LIMITS": "false",
            "TEST_FOLDER": str(folder),
            "PYTHONUNBUFFERED": "1",
            **(settings or {}),
        }

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self.process and self.process.returncode is None:
            await self.kill()

    async def start(self) -> None:
        """Start, and wait until every worker has said that it listens."""
        with self.log_path.open("ab") as log:
            started_at = log.tell()
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with asyncio.timeout(GIVE_UP_S):
            while (
                self.log_path.read_bytes()[started_at:].count(b"[INFO] Running on") < self.workers
            ):
                assert self.process.returncode is None, self.log
                await asyncio.sleep(0.02)

    def _listening_since(self, start: int) -> int:
        return self.log_path.read_bytes()[start:].count(b"[INFO] Running on")

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def worker_pids(self) -> list[int]:
        """The workers, without the resource tracker that multiprocessing starts beside them."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(pid) for pid in children if "spawn_main" in command_line(int(pid))]

    def open_sockets(self) -> int:
        """How many sockets the workers have open: connections, and a few of their own."""
        return sum(is_socket(file) for pid in self.worker_pids() for file in open_files(pid))

    async def until_open_sockets_are(self, most: int) -> None:
        """Wait until no more than this many are open. Idle connections close after 5 seconds."""
        async with asyncio.timeout(GIVE_UP_S):
            while self.open_sockets() > most:
                await asyncio.sleep(0.05)

    def send_signal(self, number: signal.Signals, *, to_group: bool = False) -> None:
        (os.killpg if to_group else os.kill)(self.pid, number)

    async def wait(self) -> int:
        """The exit code; a server that never ends fails the test."""
        assert self.process is not None
        async with asyncio.timeout(GIVE_UP_S):
            return await self.process.wait()

    async def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        self.send_signal(signal.SIGKILL, to_group=True)
        await self.wait()

    def ended_without_a_traceback(self) -> bool:
        return "Traceback" not in self.log and "ERROR" not in self.log

    def browser(self) -> Browser:
        return Browser(self.port)


def open_files(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/fd").iterdir())


def is_socket(file: Path) -> bool:
    try:
        return file.readlink().name.startswith("socket:")
    except FileNotFoundError:  # closed meanwhile
        return False


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


async def until_it_refuses(server: Server) -> None:
    """Wait until whoever connects is turned away."""
    async with asyncio.timeout(GIVE_UP_S):
        while True:
            try:
                await server.browser().get("/healthz")
            except Unanswered:
                return


async def until_exists(path: Path) -> str:
    """What is in this file, as soon as there is something in it."""
    async with asyncio.timeout(GIVE_UP_S):
        while not (path.exists() and path.read_text()):
            await asyncio.sleep(0.01)
    return path.read_text()


async def until_gone(pid: int) -> None:
    """Wait until this process has ended, and its parent knows."""
    async with asyncio.timeout(GIVE_UP_S):
        while command_line(pid):
            await asyncio.sleep(0.01)
