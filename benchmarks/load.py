"""Load from wrk: how many answers a second, how late, and whether all were right."""

import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "hovers.lua"
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    """One run, or the medians of several."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float
    errors: int

    def cells(self) -> tuple[str, str, str]:
        return f"{self.requests_per_s:,.0f}", f"{self.p50_ms:.2f}", f"{self.p99_ms:.2f}"


def require_wrk() -> None:
    if not shutil.which("wrk"):
        raise SystemExit("The benchmark needs wrk. On Debian or Ubuntu: sudo apt install wrk")


def run(url: str, cookie: str, *, connections: int, seconds: int, people: int = 0) -> Load:
    """Ask for a page, or with `people` for popups of that many different people."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
    if people:
        command += ["-s", str(SCRIPT)]
    environment = os.environ | {"PEOPLE": str(people), "COOKIE": cookie}
    if not people:
        command += ["-H", f"Cookie: {cookie}"]
    output = subprocess.run(
        [*command, url], env=environment, capture_output=True, text=True, check=True
    ).stdout
    return _read(output)


def _read(output: str) -> Load:
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    broken = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", output
    )
    errors = int(failed[1]) if failed else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert rate, output
    return Load(float(rate[1]), _latency(output, 50), _latency(output, 99), errors)


def _latency(output: str, percentile: int) -> float:
    found = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s|m)\b", output)
    assert found, output
    return float(found[1]) * MILLISECONDS[found[2]]


def median(loads: Iterable[Load]) -> Load:
    runs = list(loads)
    return Load(
        statistics.median(load.requests_per_s for load in runs),
        statistics.median(load.p50_ms for load in runs),
        statistics.median(load.p99_ms for load in runs),
        sum(load.errors for load in runs),
    )
