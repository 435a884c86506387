"""Popups over few and many people, at three numbers of connections, with one and two workers."""

import itertools
from collections import defaultdict
from contextlib import AbstractContextManager, ExitStack
from typing import NamedTuple

from . import load, peer, servers
from .databases import PEOPLE, sign_in_cookie
from .load import Load
from .profile import popup_bytes
from .report import Report
from .servers import Server
from .sign_in_storm import storm

HOT = 20
CONNECTIONS = (1, 32, 256)
STORM_CLIENTS = 8


class Case(NamedTuple):
    server: str
    workers: int
    people: int
    connections: int


Figures = dict[Case, Load]


def ours(url: str, workers: int) -> AbstractContextManager[Server]:
    return servers.hypercorn("ours", "quart_popovers:create_app()", workers, DATABASE_URL=url)


def measure(url: str, rounds: int, seconds: int, report: Report) -> Figures:
    """Everybody in turns, so that what the machine does meanwhile falls on all alike."""
    size = str(popup_bytes(url))
    report.add("", f"## Popups of {size} bytes, medians of {rounds} rounds of {seconds} s")
    figures: Figures = {}
    report.table("server", "workers", "people", "connections", "requests/s", "p50 ms", "p99 ms")
    footprints = []
    for workers in (1, 2):
        with ExitStack() as stack:
            ceiling = servers.hypercorn(
                "ceiling", "benchmarks.ceiling:create_app()", workers, BODY_BYTES=size
            )
            running = [stack.enter_context(ceiling), stack.enter_context(ours(url, workers))]
            if workers == 2:
                usual = servers.gunicorn("peer", "benchmarks.peer:create_app()", DATABASE_URL=url)
                running.append(stack.enter_context(usual))
            for people, connections in itertools.product((HOT, PEOPLE), CONNECTIONS):
                case = Case("", workers, people, connections)
                figures |= _measure_case(case, running, rounds, seconds, report)
            footprints += [_footprint(server, workers) for server in running]
    report.add("", *footprints)
    return figures


def _measure_case(
    case: Case, running: list[Server], rounds: int, seconds: int, report: Report
) -> Figures:
    cookies = {"peer": peer.sign_in_cookie()}
    loads = defaultdict(list)
    for _ in range(rounds):
        for server in running:
            cookie = cookies.get(server.name) or sign_in_cookie()
            found = load.run(
                server.url,
                cookie,
                connections=case.connections,
                seconds=seconds,
                people=case.people,
            )
            loads[case._replace(server=server.name)].append(found)
    figures = {case: load.median(found) for case, found in loads.items()}
    for measured, figure in figures.items():
        report.row(*measured, *figure.cells())
        report.errors += figure.errors
    return figures


def _footprint(server: Server, workers: int) -> str:
    return (
        f"- {server.name}, {workers} worker(s): first answer {server.ready_after_s:.1f} s after "
        f"the start, {server.resident_mb():.0f} MB a worker under load"
    )


def measure_storm(url: str, rounds: int, seconds: int, report: Report) -> tuple[Load, Load]:
    """Popups at 32 connections, idle and while eight clients sign in without pause."""
    report.add("", "## Popups during a storm of sign-ins (1 worker, 32 connections)")
    report.table("", "requests/s", "p50 ms", "p99 ms", "sign-ins/s")
    idle, stormy, sign_ins = [], [], 0
    with ours(url, 1) as server:
        cookie = sign_in_cookie()
        for _ in range(rounds):
            idle.append(
                load.run(server.url, cookie, connections=32, seconds=seconds, people=PEOPLE)
            )
            with storm(server.url, STORM_CLIENTS) as blowing:
                stormy.append(
                    load.run(server.url, cookie, connections=32, seconds=seconds, people=PEOPLE)
                )
            sign_ins += blowing.sign_ins
    medians = load.median(idle), load.median(stormy)
    report.row("idle", *medians[0].cells(), "")
    report.row("storm", *medians[1].cells(), f"{sign_ins / rounds / seconds:.0f}")
    report.errors += medians[0].errors + medians[1].errors
    return medians


def add_bars(figures: Figures, idle: Load, stormy: Load, report: Report) -> None:
    report.add("", "## Bars")
    report.table("measured in one run", "measured", "bar", "holds")
    for people, least in ((PEOPLE, 0.95), (HOT, 1.0)):
        for connections in (32, 256):
            here = figures[Case("ours", 1, people, connections)]
            most = figures[Case("ceiling", 1, people, connections)]
            where = f"{people:,} people, {connections} connections"
            rate = here.requests_per_s / most.requests_per_s
            report.bar(f"popup / ceiling, {where}", rate, "≥", least)
            report.bar(f"popup p99 / ceiling p99, {where}", here.p99_ms / most.p99_ms, "≤", 1.0)
    here, usual = figures[Case("ours", 2, PEOPLE, 32)], figures[Case("peer", 2, PEOPLE, 32)]
    rate = here.requests_per_s / usual.requests_per_s
    report.bar("popup / Flask peer, 2 workers each, 32 connections", rate, "≥", 10)
    lonely = figures[Case("ours", 1, PEOPLE, 1)].p50_ms
    lonely /= figures[Case("ceiling", 1, PEOPLE, 1)].p50_ms
    report.bar("one lonely hover, p50 / ceiling p50", lonely, "≤", 2.5)
    report.bar("p99 in the sign-in storm / idle p99", stormy.p99_ms / idle.p99_ms, "≤", 2)
