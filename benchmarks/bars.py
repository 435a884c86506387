"""The bars: ratios that every run has to keep. docs/performance.md says what is compared."""

from dataclasses import dataclass

from . import aging, beside, depth, pages, popups
from .cases import FEED, FLASK, FLASK_WITHOUT, HOVERS, OURS, STOCK, Case, Figures, ratio
from .report import Report, cell

RATE, P50, P99, CPU = "requests_per_s", "p50_ms", "p99_ms", "cpu_us"


@dataclass(frozen=True)
class Bar:
    """A figure of one case, divided by the same figure of another, and its limit."""

    what: str
    figure: str
    measured: Case
    beside: Case
    at_least: float | None = None
    at_most: float | None = None

    @property
    def limit(self) -> str:
        return f"≤ {self.at_most}" if self.at_least is None else f"≥ {self.at_least}"

    def holds(self, found: float) -> bool:
        if self.at_least is not None and found < self.at_least:
            return False
        return self.at_most is None or found <= self.at_most


def _feed(server: str, connections: int) -> Case:
    return Case(server, FEED, connections)


def _page(name: str, connections: int) -> Case:
    return Case(OURS, name, connections)


def _hovers(server: str, connections: int) -> Case:
    return Case(server, HOVERS, connections)


BARS = [
    # Pages
    Bar("feed pages/s / Flask", RATE, _feed(OURS, 1), _feed(FLASK, 1), at_least=4),
    Bar("feed pages/s / Flask", RATE, _feed(OURS, 16), _feed(FLASK, 16), at_least=5),
    *(
        Bar(f"feed pages/s / {other}", RATE, _feed(OURS, n), _feed(other, n), at_least=2.5)
        for other, n in ((FLASK_WITHOUT, 1), (FLASK_WITHOUT, 16))
    ),
    Bar("feed CPU / constant", CPU, _feed(OURS, 1), _page(pages.CONSTANT, 1), at_most=5),
    Bar("feed CPU / constant", CPU, _feed(OURS, 8), _page(pages.CONSTANT, 8), at_most=3.5),
    Bar("old page CPU / feed", CPU, _page(pages.OLD_PAGE, 1), _feed(OURS, 1), at_most=1.3),
    Bar("old page CPU / feed", CPU, _page(pages.OLD_PAGE, 8), _feed(OURS, 8), at_most=1.3),
    Bar("profile CPU / feed", CPU, _page(pages.PROFILE, 1), _feed(OURS, 1), at_most=1.1),
    Bar("profile CPU / feed", CPU, _page(pages.PROFILE, 8), _feed(OURS, 8), at_most=1.1),
    # Popups
    *(
        Bar(f"popups/s, {name} / {STOCK}", RATE, _hovers(name, n), _hovers(STOCK, n), at_least=1)
        for name in popups.BESIDE_STOCK
        for n in popups.LOADS
    ),
    *(
        Bar(f"popup p99, {name} / {STOCK}", P99, _hovers(name, n), _hovers(STOCK, n), at_most=1)
        for name in (OURS, popups.FEW_PEOPLE)
        for n in popups.LOADS
    ),
    *(
        Bar(f"popups/s, {name} / without", RATE, _hovers(name, n), _hovers(OURS, n), at_least=0.9)
        for name, n in ((popups.WITH_REDIS, 32), (popups.WITH_REDIS, 256))
    ),
    Bar(f"lonely hover p50 / {STOCK}", P50, _hovers(OURS, 1), _hovers(STOCK, 1), at_most=1.7),
    Bar(
        f"lonely hover p50, PostgreSQL / {STOCK}",
        P50,
        _hovers(popups.ON_POSTGRESQL, 1),
        _hovers(STOCK, 1),
        at_most=2.5,
    ),
    Bar(
        "popups/s / Flask, 2 workers each",
        RATE,
        _hovers(popups.OURS_2_WORKERS, 32),
        _hovers(popups.FLASK_2_WORKERS, 32),
        at_least=10,
    ),
    # Hovers beside other work, and after long work
    Bar("hover p99 beside pages / alone", P99, beside.BESIDE_PAGES, beside.ALONE, at_most=1.5),
    Bar("hover p99 in a storm / without", P99, beside.IN_STORM, beside.IDLE, at_most=2),
    Bar("hover p99 afterwards / fresh", P99, aging.AGED, aging.FRESH, at_most=1.2),
    # Depth of the feed
    *(
        Bar(
            f"page 1,000 of a long feed / page 1 of a short one, {database}",
            P50,
            Case(f"{OURS}, {database}", depth.LONG_FAR, 1),
            Case(f"{OURS}, {database}", depth.SHORT_FIRST, 1),
            at_most=1.2,
        )
        for database in depth.DATABASES
    ),
]


def add_bars(figures: Figures, report: Report) -> int:
    """Add the table of the bars whose cases were measured. Returns how many were missed."""
    report.heading("Bars")
    report.table("ratio within a round", "connections", "measured", "bar", "holds")
    missed = 0
    for bar in BARS:
        if not (figures.get(bar.measured) and figures.get(bar.beside)):
            continue
        found = ratio(figures[bar.measured], figures[bar.beside], bar.figure)
        holds = bar.holds(found.median)
        missed += not holds
        answer = "yes" if holds else "**no**"
        report.row(bar.what, bar.measured.connections, cell(found, 2), bar.limit, answer)
    return missed
