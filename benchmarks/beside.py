"""Hovers while the same worker answers other requests: pages of the feed, or sign-ins."""

from collections.abc import Callable

from .cases import FEED, OURS, Case, Figures
from .clients import READERS, Client, readers, running, sign_ins
from .databases import BASE
from .load import Hovers
from .run import Run
from .servers import Server

PAGES_PER_S = 60
STORM_CLIENTS = 8
CONNECTIONS = 32

ALONE = Case(OURS, "hovers alone", CONNECTIONS)
BESIDE_PAGES = Case(OURS, f"hovers beside {PAGES_PER_S} pages a second", CONNECTIONS)
PAGES = Case(OURS, f"{FEED} beside the hovers", READERS)
IDLE = Case(OURS, "hovers without sign-ins", CONNECTIONS)
IN_STORM = Case(OURS, "hovers in a storm of sign-ins", CONNECTIONS)
SIGN_INS = Case(OURS, "sign-ins beside the hovers", STORM_CLIENTS)


def measure_pages(run: Run) -> Figures:
    """Hovers alone, and beside readers of the feed at a fixed rate."""
    run.report.heading(f"Hovers beside {PAGES_PER_S} feed pages a second")
    with run.ours(run.sqlite()) as server:
        return _measure(
            run,
            server,
            (ALONE, BESIDE_PAGES, PAGES),
            lambda: readers(server, run.cookie, PAGES_PER_S),
        )


def measure_storm(run: Run) -> Figures:
    """Hovers alone, and beside clients that sign in without pause."""
    run.report.heading("Hovers in a storm of sign-ins")
    with run.ours(run.sqlite(), RATE_LIMITS="false") as server:
        return _measure(
            run, server, (IDLE, IN_STORM, SIGN_INS), lambda: sign_ins(server, STORM_CLIENTS)
        )


def _measure(
    run: Run, server: Server, cases: tuple[Case, Case, Case], others: Callable[[], list[Client]]
) -> Figures:
    alone, beside, clients = cases
    hovers = Hovers(BASE.people, run.all_viewers)
    figures: Figures = {case: [] for case in cases}
    for _ in range(run.rounds):
        figures[alone].append(run.load(server, hovers, CONNECTIONS))
        with running(others()) as group:
            figures[beside].append(run.load(server, hovers, CONNECTIONS))
        figures[clients].append(run.counted(group.load()))
    run.report.figures(figures)
    return figures
