"""Pages: beside the same feed in Flask, and beside a constant of the feed's size in our app."""

from contextlib import ExitStack
from functools import partial

from .cases import FEED, FLASK, FLASK_WITHOUT, OURS, Case, Figures, in_turns
from .cookies import peer_cookie
from .databases import BASE
from .load import Page
from .run import Run
from .servers import Server

OURS_ON_POSTGRESQL = f"{OURS}, PostgreSQL"
OLD_PAGE = "an old page of the feed"
PROFILE = "profile"
SIGN_IN = "sign-in page"
CONSTANT = "a constant of the feed's size"

Wanted = tuple[Case, Server, Page]


def measure(run: Run) -> Figures:
    """All pages of all servers in turns, one worker each."""
    run.report.heading("Pages (1 worker, SQLite unless stated)")
    with ExitStack() as stack:
        wanted = [*_ours(run, stack), *_ours_on_postgresql(run, stack), *_flask(run, stack)]
        measurements = {
            case: partial(run.load, server, page, case.connections) for case, server, page in wanted
        }
        figures = in_turns(measurements, run.rounds)
    run.report.figures(figures)
    return figures


def _ours(run: Run, stack: ExitStack) -> list[Wanted]:
    ours = stack.enter_context(run.ours(run.sqlite()))
    size = len(ours.fetch("/", run.cookie))
    run.report.add("", f"The feed has {size:,} bytes, and so has the constant.")
    constant = stack.enter_context(run.constant(run.sqlite(), size))
    pages = [
        (FEED, Page("/", run.cookie)),
        (OLD_PAGE, Page(f"/?before={BASE.posts // 2}", run.cookie)),
        (PROFILE, Page("/user/person1", run.cookie)),
        (SIGN_IN, Page("/login")),
    ]
    wanted = []
    for connections in (1, 8):
        for name, page in pages:
            wanted.append((Case(OURS, name, connections), ours, page))
        page = Page("/constant", run.cookie)
        wanted.append((Case(OURS, CONSTANT, connections), constant, page))
    return [*wanted, (Case(OURS, FEED, 16), ours, Page("/", run.cookie))]


def _ours_on_postgresql(run: Run, stack: ExitStack) -> list[Wanted]:
    url = run.postgresql()
    if url is None:
        return []
    server = stack.enter_context(run.ours(url))
    page = Page("/", run.cookie)
    return [(Case(OURS_ON_POSTGRESQL, FEED, n), server, page) for n in (1, 8)]


def _flask(run: Run, stack: ExitStack) -> list[Wanted]:
    """The peer, 1 worker of 8 threads."""
    wanted = []
    for name in (FLASK, FLASK_WITHOUT):
        peer = run.flask(run.sqlite(), 1, stamp_and_count=name == FLASK)
        server = stack.enter_context(peer)
        page = Page("/", peer_cookie(1))
        wanted += [(Case(name, FEED, n), server, page) for n in (1, 16)]
    return wanted
