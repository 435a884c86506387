"""The table of figures and bars, printed and kept in `results.md`."""

import os
import platform
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results.md"
PACKAGES = ("quart", "hypercorn", "uvloop", "sqlalchemy", "aiosqlite", "flask", "gunicorn")


@dataclass
class Report:
    """Lines of Markdown, each also printed when it is known."""

    lines: list[str] = field(default_factory=list)
    failed_bars: int = 0
    errors: int = 0

    def add(self, *lines: str) -> None:
        for line in lines:
            print(line, flush=True)
            self.lines.append(line)

    def table(self, *columns: str) -> None:
        self.add("", f"| {' | '.join(columns)} |", f"| {' | '.join('---' for _ in columns)} |")

    def row(self, *cells: object) -> None:
        self.add(f"| {' | '.join(str(cell) for cell in cells)} |")

    def bar(self, what: str, measured: float, sign: str, limit: float) -> None:
        """A ratio that has to be at least (`≥`) or at most (`≤`) so much."""
        holds = measured >= limit if sign == "≥" else measured <= limit
        self.failed_bars += not holds
        self.row(what, f"{measured:.2f}", f"{sign} {limit}", "yes" if holds else "**no**")

    def write(self) -> None:
        RESULTS.write_text("\n".join(self.lines) + "\n")


def heading() -> list[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        "# Benchmark results",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {packages}.",
        "",
        "Server and load share the machine. Absolute figures drift with it; the ratios count. "
        "Made by `make bench`.",
    ]
