"""The tables of figures and bars, printed as they are known and kept in `results.md`."""

import os
import platform
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from .cases import Figures, Spread

RESULTS = Path(__file__).parent / "results.md"
PACKAGES = (
    "quart",
    "hypercorn",
    "uvloop",
    "sqlalchemy",
    "aiosqlite",
    "asyncpg",
    "redis",
    "flask",
    "gunicorn",
)
COLUMNS = (
    "server",
    "requests",
    "connections",
    "answers/s",
    "p50 ms",
    "p99 ms",
    "CPU µs per answer",
    "errors",
)


@dataclass
class Report:
    """Lines of Markdown, each also printed at once."""

    lines: list[str] = field(default_factory=list)
    errors: int = 0

    def add(self, *lines: str) -> None:
        for line in lines:
            print(line, flush=True)
            self.lines.append(line)

    def heading(self, title: str) -> None:
        self.add("", f"## {title}")

    def table(self, *columns: str) -> None:
        self.add("", f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |")

    def row(self, *cells: object) -> None:
        self.add(f"| {' | '.join(str(cell) for cell in cells)} |")

    def figures(self, figures: Figures) -> None:
        """One row per case: the median over its rounds, with the least and the most."""
        self.table(*COLUMNS)
        for case, loads in figures.items():
            rate = Spread.of(load.requests_per_s for load in loads)
            p50 = Spread.of(load.p50_ms for load in loads)
            p99 = Spread.of(load.p99_ms for load in loads)
            cpu = Spread.of(load.cpu_us for load in loads)
            self.row(
                *case,
                cell(rate, 0),
                cell(p50, 2),
                cell(p99, 1),
                cell(cpu, 0) if cpu.median else "",
                sum(load.errors for load in loads),
            )

    def write(self) -> None:
        RESULTS.write_text("\n".join(self.lines) + "\n")


def cell(spread: Spread, digits: int) -> str:
    median, least, most = (f"{value:,.{digits}f}" for value in spread)
    return f"{median} ({least} to {most})"


def introduction(rounds: int, seconds: int) -> list[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        "# Benchmark results",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {packages}.",
        "",
        f"Medians of {rounds} rounds of {seconds} s, with the least and the most. Server and load "
        "share the machine: absolute figures drift with it, the ratios count. Made by "
        "`make bench`; docs/performance.md says what is measured.",
    ]
