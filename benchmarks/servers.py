"""Server processes on the loopback address, started and stopped by the benchmark.

They run with the shipped defaults: only the secret key and the database are set. The log goes to
a file.
"""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .backing_services import free_port
from .cookies import SECRET_KEY

ROOT = Path(__file__).parent.parent
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    url: str
    pid: int
    ready_after_s: float

    def cpu_s(self) -> float:
        """The CPU time used so far by all its processes."""
        return sum(_cpu_ticks(pid) for pid in [self.pid, *_descendants(self.pid)]) / TICKS_PER_S

    def resident_mb(self) -> float:
        """The memory of the largest worker."""
        sizes = (
            int(found[1])
            for pid in _descendants(self.pid)
            if (found := re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()))
        )
        return max(sizes, default=0) / 1024

    def fetch(self, path: str, cookie: str = "") -> bytes:
        """The body of a page. Ends the benchmark when the answer is not 200."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc)
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path} was answered {answer.status}, not 200")
        return body


def _cpu_ticks(pid: int) -> int:
    """`utime` and `stime` of /proc/<pid>/stat, see proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _descendants(pid: int) -> Iterator[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in map(int, children):
        yield child
        yield from _descendants(child)


@contextmanager
def hypercorn(
    folder: Path, application: str, workers: int = 1, **environment: str
) -> Iterator[Server]:
    """Hypercorn with the shipped configuration."""
    configuration = str(ROOT / "hypercorn.toml")
    arguments = ["hypercorn", "-c", configuration, "-w", str(workers), application]
    with _running(folder, [*arguments, "-b"], environment) as server:
        yield server


@contextmanager
def gunicorn(folder: Path, application: str, workers: int, **environment: str) -> Iterator[Server]:
    """gunicorn as a Flask site is usually deployed, with 8 threads a worker."""
    arguments = ["gunicorn", f"--workers={workers}", "--threads=8", application]
    with _running(folder, [*arguments, "-b"], environment) as server:
        yield server


@contextmanager
def _running(folder: Path, arguments: list[str], environment: dict[str, str]) -> Iterator[Server]:
    port = free_port()
    log_path = folder / f"server-{port}.log"
    started_at = time.perf_counter()
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments, f"127.0.0.1:{port}"],
            cwd=folder,  # without the .env of the project's folder
            env=os.environ | {"PYTHONPATH": str(ROOT), "SECRET_KEY": SECRET_KEY} | environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        if not _is_ready(f"{url}/healthz", process):
            raise SystemExit(f"a server has not started:\n{log_path.read_text()[-2000:]}")
        yield Server(url, process.pid, time.perf_counter() - started_at)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _is_ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait for the first answer; False when the process has ended before."""
    while process.poll() is None:
        try:
            urllib.request.urlopen(url).close()
        except urllib.error.HTTPError:
            return True  # stock Quart and the peer have no such page, but they answer
        except OSError:
            time.sleep(0.01)
        else:
            return True
    return False
