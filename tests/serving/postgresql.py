"""A PostgreSQL of a test's own, which it can stop, freeze and start again."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from tests.serving.server import GIVE_UP_S, free_port

# As fast as it gets: nobody needs this cluster after a power cut.
OPTIONS = {"listen_addresses": "127.0.0.1", "fsync": "off", "max_connections": "60"}


def find_binaries() -> Path | None:
    """Where `initdb` and `postgres` are; Debian keeps them off the search path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


class Cluster:
    """PostgreSQL on a free port of this machine; root runs it as the user `postgres`."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="cluster-"))
        self._server: subprocess.Popen[bytes] | None = None
        self._data = str(self._folder / "data")
        self._databases = 0
        self.port = free_port()

    def _path(self, program: str) -> str:
        return str(self._binaries / program)

    def url(self, database: str = "template1") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    async def __aenter__(self) -> Self:
        if self._user:
            shutil.chown(self._folder, self._user)
        options = ["-U", "postgres", "-A", "trust", "--no-sync"]
        command = [self._path("initdb"), "-D", self._data, *options]
        subprocess.run(
            command, user=self._user, cwd=self._folder, check=True, stdout=subprocess.DEVNULL
        )
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()
        shutil.rmtree(self._folder)

    async def start(self) -> None:
        """Start, and wait until it lets somebody in."""
        options = OPTIONS | {"port": str(self.port), "unix_socket_directories": str(self._folder)}
        arguments = [f"-c{name}={value}" for name, value in options.items()]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._path("postgres"), "-D", self._data, *arguments],
                user=self._user,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(GIVE_UP_S):
            while not self.is_ready():
                await asyncio.sleep(0.02)

    def is_ready(self) -> bool:
        asked = [self._path("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    async def stop(self) -> None:
        """Stop as `systemctl stop` does: everybody is disconnected at once."""
        if self._server:
            self._server.send_signal(signal.SIGINT)
            await asyncio.to_thread(self._server.wait, GIVE_UP_S)
            self._server = None

    def freeze(self) -> None:
        """Let every process of it stand still, as a machine does that has lost its disk."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        assert self._server is not None
        main = self._server.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for pid in [main, *map(int, children)]:
            os.kill(pid, number)

    async def copy(self, database: str) -> str:
        """A new database like this one; its URL."""
        self._databases += 1
        name = f"copy_{self._databases}"
        await self.run("createdb", "--template", database, name)
        return self.url(name)

    async def run(self, program: str, *arguments: str) -> bytes:
        """What one of PostgreSQL's own programs prints."""
        connect = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        command = [self._path(program), *connect, *arguments]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
