"""Clients that read pages or sign in while hovers are measured, each in a thread."""

import http.client
import re
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from .databases import PASSWORD
from .load import Load
from .servers import Server

READERS = 8


class Answer(NamedTuple):
    after_s: float
    is_right: bool


# Each step requests one page or sends one form.
Client = Iterator[Answer]


class Clients:
    """A group of running clients and the answers they got."""

    def __init__(self) -> None:
        self._answers: list[Answer] = []
        self._stop = threading.Event()
        self._started_at = time.perf_counter()
        self._per_s = 0.0

    def repeat(self, client: Client) -> None:
        for answer in client:
            self._answers.append(answer)
            if self._stop.is_set():
                return

    def stop(self) -> None:
        self._per_s = len(self._answers) / (time.perf_counter() - self._started_at)
        self._stop.set()

    def load(self) -> Load:
        """Their figures, after they have stopped; the CPU time is unknown."""
        after_ms = [1000 * answer.after_s for answer in self._answers]
        percentiles = statistics.quantiles(after_ms, n=100)
        errors = sum(not answer.is_right for answer in self._answers)
        return Load(self._per_s, percentiles[49], percentiles[98], 0, errors)


@contextmanager
def running(clients: list[Client]) -> Iterator[Clients]:
    """Run these clients as long as the block."""
    group = Clients()
    with ThreadPoolExecutor(len(clients)) as threads:
        working = [threads.submit(group.repeat, client) for client in clients]
        try:
            yield group
        finally:
            group.stop()
    for work in working:
        work.result()  # raises what went wrong in the thread


def readers(server: Server, cookie: str, pages_per_s: float) -> list[Client]:
    """Eight readers of the feed with a fixed rate in all.

    A page is requested when it is due, however long the one before took: faster pages do not
    increase the load. Latency counts from the time it was due.
    """
    first_at = time.perf_counter()
    pause_s = READERS / pages_per_s
    return [
        _read(server, cookie, first_at + number / pages_per_s, pause_s) for number in range(READERS)
    ]


def _read(server: Server, cookie: str, first_at: float, pause_s: float) -> Client:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    for turn in count():
        due_at = first_at + turn * pause_s
        time.sleep(max(0, due_at - time.perf_counter()))
        connection.request("GET", "/", headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        yield Answer(time.perf_counter() - due_at, answer.status == 200)


def sign_ins(server: Server, clients: int) -> list[Client]:
    """Clients that sign in without pause."""
    return [_sign_in(server, number) for number in range(clients)]


def _sign_in(server: Server, number: int) -> Client:
    """Fetch the form, send it, and begin again as a new browser."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    while True:
        began_at = time.perf_counter()
        connection.request("GET", "/login")
        answer = connection.getresponse()
        cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        token = re.search(rb'csrf_token" value="([^"]+)', answer.read())
        fields = {
            "csrf_token": token[1].decode() if token else "",
            "username": f"person{number}",
            "password": PASSWORD,
        }
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/login", urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
        yield Answer(time.perf_counter() - began_at, answer.status == 303)
