"""Work on people's text is bounded: linear in its length, and short for the longest allowed.

Measured as CPU time of this process, the minimum of several runs: what other processes do
meanwhile does not count.
"""

from collections.abc import Callable
from time import process_time_ns

import pytest

from quart_popovers.web.text import with_links

# Ten code points for each of the 140 characters of a comment.
LONGEST_TEXT = 1400
MOST_MS = 20

FRAGMENTS = [
    "xn--w.",
    "xn--www.",
    "http://a.xn--www.",
    "http://a/(",
    "http://a/b",
    'http://a/"',
    "a.com(",
    "@a@a",
]


def cpu_ms(work: Callable[[str], object], text: str) -> float:
    """The CPU time of this call in ms, without what disturbed it."""
    return min(_measure(work, text) for _ in range(3))


def _measure(work: Callable[[str], object], text: str) -> float:
    started = process_time_ns()
    work(text)
    return (process_time_ns() - started) / 1e6


@pytest.mark.parametrize("fragment", FRAGMENTS)
@pytest.mark.parametrize("length", [140, LONGEST_TEXT])
def test_links_are_found_in_little_time(fragment: str, length: int) -> None:
    text = (fragment * length)[:length]

    assert cpu_ms(with_links.__wrapped__, text) < MOST_MS
