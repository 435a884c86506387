"""Popups beside stock Quart, one factor varied at a time.

The base is the site as it is shipped: one worker, SQLite, rate limits counted in the process, the
request log in a file; 5,000 people, looked up by 5,000 viewers in turn.
"""

from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from .cases import FLASK, HOVERS, OURS, STOCK, Case, Figures, in_turns
from .databases import BASE, MANY_PEOPLE
from .load import Hovers
from .run import Run
from .servers import Server

ON_POSTGRESQL = f"{OURS}, PostgreSQL"
MILLION_PEOPLE = f"{OURS}, 1,000,000 people"
FEW_PEOPLE = f"{OURS}, 20 people"
ONE_VIEWER = f"{OURS}, 1 viewer"
WITH_REDIS = f"{OURS}, Redis"
STOCK_2_WORKERS = f"{STOCK}, 2 workers"
OURS_2_WORKERS = f"{OURS}, 2 workers"
FLASK_2_WORKERS = f"{FLASK}, 2 workers"

# These answer at the speed of stock Quart.
BESIDE_STOCK = (OURS, ON_POSTGRESQL, MILLION_PEOPLE, FEW_PEOPLE, ONE_VIEWER)
LOADS = (32, 256)


class Wanted(NamedTuple):
    name: str
    server: Server
    hovers: Hovers
    connections: tuple[int, ...] = LOADS


def measure(run: Run) -> Figures:
    run.report.heading("Popups (1 worker, SQLite, 5,000 people, 5,000 viewers unless stated)")
    with ExitStack() as stack:
        wanted = [*_base(run, stack), *_varied(run, stack), *_with_2_workers(run, stack)]
        figures = in_turns(
            {
                Case(it.name, HOVERS, n): partial(run.load, it.server, it.hovers, n)
                for it in wanted
                for n in it.connections
            },
            run.rounds,
        )
        names = {it.server: it.name for it in wanted if it.name != FEW_PEOPLE}
        footprints = [_footprint(name, server) for server, name in names.items()]
    run.report.figures(figures)
    run.report.add("", *footprints)
    return figures


def _base(run: Run, stack: ExitStack) -> list[Wanted]:
    hovers = Hovers(BASE.people, run.all_viewers)
    ours = stack.enter_context(run.ours(run.sqlite()))
    stock = stack.enter_context(run.stock(_popup_bytes(run, ours)))
    return [
        Wanted(STOCK, stock, hovers, (1, *LOADS)),
        Wanted(OURS, ours, hovers, (1, *LOADS)),
        Wanted(FEW_PEOPLE, ours, Hovers(20, run.all_viewers)),
    ]


def _varied(run: Run, stack: ExitStack) -> list[Wanted]:
    """The base with another database, more people, fewer viewers, Redis."""
    hovers = Hovers(BASE.people, run.all_viewers)
    many_people = stack.enter_context(run.ours(run.sqlite(MANY_PEOPLE)))
    # A single viewer would reach the limit of hovers at once.
    unlimited = stack.enter_context(run.ours(run.sqlite(), RATE_LIMITS="false"))
    wanted = [
        Wanted(MILLION_PEOPLE, many_people, Hovers(MANY_PEOPLE.people, run.all_viewers)),
        Wanted(ONE_VIEWER, unlimited, Hovers(BASE.people, run.one_viewer)),
    ]
    if url := run.postgresql():
        on_postgresql = stack.enter_context(run.ours(url))
        wanted.append(Wanted(ON_POSTGRESQL, on_postgresql, hovers, (1, *LOADS)))
    if run.redis_url:
        with_redis = stack.enter_context(run.ours(run.sqlite(), REDIS_URL=run.redis_url))
        wanted.append(Wanted(WITH_REDIS, with_redis, hovers))
    return wanted


def _with_2_workers(run: Run, stack: ExitStack) -> list[Wanted]:
    hovers = Hovers(BASE.people, run.all_viewers)
    ours = stack.enter_context(run.ours(run.sqlite(), 2))
    stock = stack.enter_context(run.stock(_popup_bytes(run, ours), 2))
    flask = stack.enter_context(run.flask(run.sqlite(), 2))
    return [
        Wanted(STOCK_2_WORKERS, stock, hovers, (32,)),
        Wanted(OURS_2_WORKERS, ours, hovers, (32,)),
        Wanted(FLASK_2_WORKERS, flask, hovers._replace(cookies=run.all_peer_viewers), (32,)),
    ]


def _popup_bytes(run: Run, ours: Server) -> int:
    return len(ours.fetch("/user/person1234/popup", run.cookie))


def _footprint(name: str, server: Server) -> str:
    return (
        f"- {name}: first answer {server.ready_after_s:.1f} s after the start, "
        f"{server.resident_mb():.0f} MB a worker under load"
    )
