"""Clients that sign in without pause, to see what that does to hovers."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

from .databases import PASSWORD


class Storm:
    """Threads that fetch the sign-in form, send it, and begin anew."""

    def __init__(self, url: str, clients: int) -> None:
        self._host = urlsplit(url).netloc
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._sign_in_again_and_again, args=(n,))
            for n in range(clients)
        ]
        self.sign_ins = 0

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _sign_in_again_and_again(self, number: int) -> None:
        connection = http.client.HTTPConnection(self._host)
        while not self._stop.is_set():
            connection.request("GET", "/login")
            answer = connection.getresponse()
            cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
            token = re.search(rb'csrf_token" value="([^"]+)', answer.read())
            assert token, "the sign-in page has changed"
            fields = {
                "csrf_token": token[1].decode(),
                "username": f"person{number}",
                "password": PASSWORD,
            }
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", "/login", urlencode(fields), headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 303, f"a sign-in was answered {answer.status}"
            self.sign_ins += 1


@contextmanager
def storm(url: str, clients: int) -> Iterator[Storm]:
    blowing = Storm(url, clients)
    blowing.start()
    try:
        yield blowing
    finally:
        blowing.stop()
