"""Hovers of a fresh worker, and of the same one after a load that fills its memories."""

from .cases import HOVERS, OURS, Case, Figures
from .databases import MANY_PEOPLE
from .load import Hovers
from .run import Run

FRESH = Case(f"{OURS}, fresh", HOVERS, 32)
FILLING = Case(f"{OURS}, filling its memories", HOVERS, 256)
AGED = Case(f"{OURS}, afterwards", HOVERS, 32)


def measure(run: Run) -> Figures:
    """A new server each round: 32 connections, then 256 for twice as long, then 32 again."""
    run.report.heading("A fresh worker and an aged one (1,000,000 people)")
    figures: Figures = {FRESH: [], FILLING: [], AGED: []}
    hovers = Hovers(MANY_PEOPLE.people, run.all_viewers)
    sizes_mb = []
    for _ in range(run.rounds):
        with run.ours(run.sqlite(MANY_PEOPLE)) as server:
            for case in figures:
                seconds = run.seconds * (2 if case == FILLING else 1)
                figures[case].append(run.load(server, hovers, case.connections, seconds=seconds))
                sizes_mb.append(server.resident_mb())
    run.report.figures(figures)
    run.report.add("", f"Memory of the worker at the end: {max(sizes_mb):.0f} MB.")
    return figures
