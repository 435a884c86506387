"""`make bench`: all parts in one run. `python -m benchmarks pages storm`: only these.

`ROUNDS` and `SECONDS` make a run shorter or longer; docs/performance.md explains the parts.
"""

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from quart_popovers.settings import Settings

from . import aging, beside, breakdown, depth, load, pages, popups
from .bars import add_bars
from .cases import Figures
from .report import Report, introduction
from .run import Run

ROUNDS = int(os.environ.get("ROUNDS", "4"))
SECONDS = int(os.environ.get("SECONDS", "3"))

PARTS = {
    "pages": pages.measure,
    "popups": popups.measure,
    "beside": beside.measure_pages,
    "storm": beside.measure_storm,
    "aging": aging.measure,
    "depth": depth.measure,
    "breakdown": breakdown.measure,
}


def main() -> None:
    names = sys.argv[1:] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        raise SystemExit(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    load.require_wrk()
    for name in Settings.model_fields:  # the site runs with its defaults, whatever is set here
        os.environ.pop(name.upper(), None)
    started_at = time.monotonic()
    report = Report()
    report.add(*introduction(ROUNDS, SECONDS))
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        run = Run(Path(folder), ROUNDS, SECONDS, report, stack)
        for name in names:
            figures |= PARTS[name](run)
    missed = add_bars(figures, report)
    minutes, seconds = divmod(round(time.monotonic() - started_at), 60)
    report.add("", f"Errors: {report.errors}. Bars missed: {missed}.")
    report.add("", f"The run took {minutes} min {seconds} s.")
    if names == list(PARTS):
        report.write()
    raise SystemExit(bool(missed or report.errors))


if __name__ == "__main__":
    main()
