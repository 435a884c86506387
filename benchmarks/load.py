"""Load from wrk: rate and latency of the answers, CPU time of the server, errors."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .servers import Server

SCRIPT = Path(__file__).parent / "hovers.lua"
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class Page(NamedTuple):
    """The same page again and again."""

    path: str
    cookie: str = ""


class Hovers(NamedTuple):
    """Popups of people at random; `cookies` is a file of the viewers, who ask in turn."""

    people: int
    cookies: Path


@dataclass(frozen=True)
class Load:
    """One run of wrk. `cpu_us` is the CPU time of the server's processes per answer."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    errors: int


def require_wrk() -> None:
    if not shutil.which("wrk"):
        raise SystemExit("The benchmark needs wrk. On Debian or Ubuntu: sudo apt install wrk")


def run(server: Server, wanted: Page | Hovers, connections: int, seconds: int) -> Load:
    _check(server, wanted)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
    environment = dict(os.environ)
    if isinstance(wanted, Hovers):
        command += ["-s", str(SCRIPT), server.url]
        environment |= {"PEOPLE": str(wanted.people), "COOKIES": str(wanted.cookies)}
    else:
        command += ["-H", f"Cookie: {wanted.cookie}"] if wanted.cookie else []
        command += [f"{server.url}{wanted.path}"]
    cpu_s = server.cpu_s()
    output = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout
    return _read(output, server.cpu_s() - cpu_s)


def _check(server: Server, wanted: Page | Hovers) -> None:
    """Fetch once: a redirect, which wrk would count as an answer, ends the benchmark."""
    if isinstance(wanted, Hovers):
        with wanted.cookies.open() as cookies:
            server.fetch("/user/person0/popup", cookies.readline().strip())
    else:
        server.fetch(wanted.path, wanted.cookie)


def _read(output: str, cpu_s: float) -> Load:
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    broken = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output
    )
    errors = int(failed[1]) if failed else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    answers = re.search(r"(\d+) requests in ", output)
    assert rate, output
    assert answers, output
    cpu_us = cpu_s * 1_000_000 / max(1, int(answers[1]))
    return Load(float(rate[1]), _latency(output, 50), _latency(output, 99), cpu_us, errors)


def _latency(output: str, percentile: int) -> float:
    found = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s|m)\b", output)
    assert found, output
    return float(found[1]) * MILLISECONDS[found[2]]
