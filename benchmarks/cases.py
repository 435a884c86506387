"""The cases that are measured, and their figures: one per round."""

import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from .load import Load

OURS = "ours"
STOCK = "stock Quart"
FLASK = "Flask"
FLASK_WITHOUT = "Flask without stamp and count"

HOVERS = "hovers"
FEED = "feed"


class Case(NamedTuple):
    """Who answers which requests on how many connections."""

    server: str
    requests: str
    connections: int


# One entry per round, in the same order for all cases.
Figures = dict[Case, list[Load]]


class Spread(NamedTuple):
    """The median of several rounds, the least and the most of them."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        found = list(values)
        return cls(statistics.median(found), min(found), max(found))


def in_turns(measurements: Mapping[Case, Callable[[], Load]], rounds: int) -> Figures:
    """Measure every case once a round, so that a drift of the machine falls on all alike.

    Cases with as many connections, which are compared, follow one another. Every other round goes
    backwards: a drift within rounds cancels out as well.
    """
    figures: Figures = {case: [] for case in measurements}
    order = sorted(measurements, key=lambda case: case.connections)
    for number in range(rounds):
        for case in reversed(order) if number % 2 else order:
            figures[case].append(measurements[case]())
    return figures


def ratio(measured: Iterable[Load], beside: Iterable[Load], figure: str) -> Spread:
    """A figure of one case divided by the same figure of another, round by round."""
    pairs = zip(measured, beside, strict=True)
    return Spread.of(getattr(one, figure) / getattr(other, figure) for one, other in pairs)
