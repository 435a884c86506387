"""Real server processes on the loopback address, started and stopped by the benchmark."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .databases import SECRET_KEY

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {
    "SECRET_KEY": SECRET_KEY,
    "SECURE_COOKIES": "false",
    "RATE_LIMITS": "false",
    "AVATARS": "identicon",
    # Neither side writes a request log: the ceiling has none.
    "LOG_LEVEL": "WARNING",
}


@dataclass(frozen=True)
class Server:
    name: str
    url: str
    process: subprocess.Popen[bytes]
    ready_after_s: float

    def resident_mb(self) -> float:
        """The memory of the largest worker."""
        sizes = (
            int(found[1])
            for pid in _descendants(self.process.pid)
            if (found := re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()))
        )
        return max(sizes, default=0) / 1024


def _descendants(pid: int) -> Iterator[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in map(int, children):
        yield child
        yield from _descendants(child)


@contextmanager
def hypercorn(name: str, application: str, workers: int, **environment: str) -> Iterator[Server]:
    """Hypercorn with the shipped configuration."""
    arguments = ["hypercorn", "-c", "hypercorn.toml", "-w", str(workers), application]
    with _running(name, [*arguments, "-b"], environment) as server:
        yield server


@contextmanager
def gunicorn(name: str, application: str, **environment: str) -> Iterator[Server]:
    """gunicorn as a Flask site is usually deployed: 2 workers of 8 threads."""
    arguments = ["gunicorn", "--workers=2", "--threads=8", "--log-level=error", application]
    with _running(name, [*arguments, "-b"], environment) as server:
        yield server


@contextmanager
def _running(name: str, arguments: list[str], environment: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    started_at = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments, address],
        cwd=ROOT,
        env=os.environ | ENVIRONMENT | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://{address}/healthz", process)
        yield Server(name, f"http://{address}", process, time.perf_counter() - started_at)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.HTTPError:
            return  # the ceiling and the peer have no such page, but they answer
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise SystemExit(f"the server for {url} ended with {process.returncode}")
