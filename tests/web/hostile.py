"""Text that keeps careless code busy, and how the time for it is measured."""

from collections.abc import Callable
from time import process_time_ns

# Each is repeated to fill a text: what overlaps, nests, combines, or never ends.
VISIBLE = """
xn--w. xn--www. http://a.xn--www. http://a. http://a/( http://a/) http://a/b http://a/" http://a:1
://a www. a.com a.com( a.com, a.com: xn-- @a@a a@a. @a @ a. .a a- -a . .. - -- / // \\ _ : :: ; , ,,
( [ { < « ( ) ] } > » () ([{ "a" " ' & &amp; &# &a= = a=b; a, a;q=0.1, W/"a", "a", * + | ~ ^ $ # ?
? ! % %25 %2525 %2f %e4 %zz \\u \\x41 {{ {% ${ 0 1 9 1. 1: -1 1e9 a A ab ß ﬁ İ ﷺ 가 ᄀ
Mozilla/5.0( Firefox/1. Android/1; Linux; Mobile/ AppleWebKit/1
"""
INVISIBLE = [
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "a\n",
    " a",
    "\u00a0",
    "\u2028",
    "\u200b",
    "\u200d",
    "\u00ad",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\ufffd",
    "\x00",
    "\x1b[",
    "\x7f",
]
COMBINING = [
    "\u0315\u0316",  # marks of two classes: normalisation sorts them
    "a\u0315\u0316",
    "\u05b0\u05b1\u0301\u0327",
    "\u0344",  # decomposes and does not compose again
    "\u0301",
    "\u034f",
    "\ufe0f",
    "e\u0301",
    "\U0001f1e6",  # a regional indicator: flags are pairs of them
    "👨\u200d",
    "👍🏽",
    "#\ufe0f\u20e3",
    "\U000e0061",
    "क\u094d",
    "\u094d\u200d",
    "ก\u0e33",
    "\u0600",
    "\u1100\u1161",
    "אa",
]
FRAGMENTS = [*VISIBLE.split(), *INVISIBLE, *COMBINING]

# Of a slow machine's time; what a person notices begins above 100 ms.
MOST_MS = 20
# Growth is told from noise above this.
LEAST_TELLING_MS = 2


def repeated(fragment: str, length: int) -> str:
    return (fragment * length)[:length]


def cpu_ms(work: Callable[[str], object], fragment: str, length: int, enough_ms: float) -> float:
    """The CPU time of the fastest of five runs, or of the first that takes less than `enough_ms`.

    Each run has another text, so that nothing which a library remembers is measured.
    """
    least = float("inf")
    for run in range(5):
        text = repeated(fragment, length - run)
        started = process_time_ns()
        work(text)
        least = min(least, (process_time_ns() - started) / 1e6)
        if least < enough_ms or least > 50 * MOST_MS:
            break
    return least


def complaint(work: Callable[[str], object], fragment: str, length: int) -> str | None:
    """What is wrong with the time that this takes for a text of this length; None if nothing is."""
    took_ms = cpu_ms(work, fragment, length, LEAST_TELLING_MS)
    if took_ms > MOST_MS:
        return f"{fragment!r} takes {took_ms:.0f} ms"
    if took_ms > LEAST_TELLING_MS:
        quarter_ms = cpu_ms(work, fragment, length // 4, 0)
        # Linear growth is fourfold, quadratic growth sixteenfold.
        if took_ms > 10 * quarter_ms:
            return f"{fragment!r} takes {took_ms:.2f} ms, a quarter of it {quarter_ms:.2f} ms"
    return None
