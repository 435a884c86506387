"""`make bench`: popups beside their ceiling and a peer, in turns within one run.

Source of the bars: docs/performance.md. `ROUNDS` and `SECONDS` may be set for a shorter look.
"""

import os
import tempfile
from pathlib import Path

from . import databases, load, pages, popups, profile
from .report import Report, heading

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = int(os.environ.get("SECONDS", "5"))


def main() -> None:
    load.require_wrk()
    report = Report()
    report.add(*heading())
    with tempfile.TemporaryDirectory() as folder:
        url = databases.make_sqlite(Path(folder), 50_000)
        figures = popups.measure(url, ROUNDS, SECONDS, report)
        idle, stormy = popups.measure_storm(url, ROUNDS, SECONDS, report)
        times = pages.measure(Path(folder), url, ROUNDS, SECONDS, report)
        profile.measure(url, report)
        popups.add_bars(figures, idle, stormy, report)
        pages.add_bars(times, report)
    report.add("", f"Errors: {report.errors}. Bars missed: {report.failed_bars}.")
    report.write()
    raise SystemExit(bool(report.failed_bars or report.errors))


if __name__ == "__main__":
    main()
