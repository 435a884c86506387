"""The feed: whether its thousandth page costs what its first does, however long it is."""

import os
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import make_url

from . import databases, load
from .popups import ours
from .report import Report

PAGE = 10
FAR = 1_000
SHORT, LONG = 50_000, 1_000_000


class Case(NamedTuple):
    database: str
    posts: int
    page: int


Times = dict[Case, float]


def measure(folder: Path, short_url: str, rounds: int, seconds: int, report: Report) -> Times:
    """p50 in milliseconds of pages 1 and 1,000, of 50,000 and of 1,000,000 comments."""
    report.add("", "## The feed, p50 of a page (1 connection)")
    report.table("database", "comments", "page", "p50 ms")
    urls = {SHORT: short_url, LONG: databases.make_sqlite(folder, LONG)}
    times = _measure_database("sqlite", urls, rounds, seconds, report)
    if postgresql := os.environ.get("TEST_DATABASE_URL"):
        for posts in (SHORT, LONG):
            databases.refill_postgresql(postgresql, posts)
            name = make_url(postgresql).get_backend_name()
            times |= _measure_database(name, {posts: postgresql}, rounds, seconds, report)
    return times


def _measure_database(
    name: str, urls: dict[int, str], rounds: int, seconds: int, report: Report
) -> Times:
    times: Times = {}
    cookie = databases.sign_in_cookie()
    for posts, url in urls.items():
        with ours(url, 1) as server:
            for page in (1, FAR):
                query = "" if page == 1 else f"?before={posts - (page - 1) * PAGE + 1}"
                address = f"{server.url}/{query}"
                found = load.median(
                    load.run(address, cookie, connections=1, seconds=seconds) for _ in range(rounds)
                )
                times[Case(name, posts, page)] = found.p50_ms
                report.row(name, f"{posts:,}", page, f"{found.p50_ms:.2f}")
                report.errors += found.errors
    return times


def add_bars(times: Times, report: Report) -> None:
    for name in {case.database for case in times}:
        ratio = times[Case(name, LONG, FAR)] / times[Case(name, SHORT, 1)]
        report.bar(
            f"feed page {FAR:,} of {LONG:,} comments / page 1 of {SHORT:,} ({name})",
            ratio,
            "≤",
            1.2,
        )
