"""The feed: its first and its thousandth page, in a short and a long feed."""

from contextlib import ExitStack
from functools import partial

from .cases import OURS, Case, Figures, in_turns
from .databases import BASE, MANY_POSTS, Size
from .load import Page
from .run import Run

POSTS_PER_PAGE = 10
FAR = 1_000
SHORT_FIRST = f"feed of {BASE.posts:,} comments, page 1"
LONG_FIRST = f"feed of {MANY_POSTS.posts:,} comments, page 1"
LONG_FAR = f"feed of {MANY_POSTS.posts:,} comments, page {FAR:,}"
FAR_MARK = MANY_POSTS.posts - (FAR - 1) * POSTS_PER_PAGE + 1
PAGES: list[tuple[str, Size, str]] = [
    (SHORT_FIRST, BASE, "/"),
    (LONG_FIRST, MANY_POSTS, "/"),
    (LONG_FAR, MANY_POSTS, f"/?before={FAR_MARK}"),
]
DATABASES = ("SQLite", "PostgreSQL")


def measure(run: Run) -> Figures:
    run.report.heading("Depth of the feed (1 worker)")
    measurements = {}
    with ExitStack() as stack:
        for database in DATABASES:
            for size in (BASE, MANY_POSTS):
                url = run.sqlite(size) if database == "SQLite" else run.postgresql(size)
                if url is None:
                    continue
                server = stack.enter_context(run.ours(url))
                for name, needed, path in PAGES:
                    if needed == size:
                        case = Case(f"{OURS}, {database}", name, 1)
                        page = Page(path, run.cookie)
                        measurements[case] = partial(run.load, server, page, 1)
        figures = in_turns(measurements, run.rounds)
    run.report.figures(figures)
    return figures
