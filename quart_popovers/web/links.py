"""Finds the web addresses in people's text, in time linear in its length.

Every step passes each character a constant number of times: all quantifiers of the patterns are
possessive, so nothing is matched a second way (docs/decisions/0004).
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import regex

# Top-level domains that make a link without `http://`. Source: IANA Root Zone Database.
GENERIC_DOMAINS = "aero asia biz com coop edu gov info museum name net org pro shop web xxx рф"
COUNTRY_DOMAINS = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv
bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es
et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu
id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt
lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no
np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si
sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk
us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
TOP_LEVEL_DOMAINS = frozenset(f"{GENERIC_DOMAINS} {COUNTRY_DOMAINS}".split())

# Source: RFC 1035, section 2.3.4.
LONGEST_HOST = 253
LONGEST_LABEL = 63
LARGEST_PORT = 65535

# Also right after a letter of Japanese or Chinese, which put no space between words.
_SCHEME = r"(?<![a-z0-9_])https?://"
# Letters and digits of all scripts; some need marks and joiners. Source: RFC 5892, appendix A.
_IN_HOST = r"[\p{L}\p{N}\p{M}\u200c\u200d.-]"
_HOST_AND_PORT = regex.compile(
    rf"({_SCHEME})?+((?!{_SCHEME})[\p{{L}}\p{{N}}](?:(?!{_SCHEME}){_IN_HOST})*+)(?::([0-9]++))?+",
    regex.IGNORECASE,
)
_OPENING = dict(zip(')]}"»”」）', '([{"«“「（', strict=True))
_BRACKET_OR_SPACE = regex.compile(r"[()[\]{}\"«»“”「」（）\s<>]")
_PART_OF_PATH = regex.compile(
    r"(?:[^\s\p{Cc}\p{Cf}\p{Cs}<>｜()[\]{}\"«»“”「」（）]|[\u200c\u200d])*+"
)
# An email address, a user name and password, or a name that no host has.
_CONTINUES = regex.compile(r"[_@]|:[\p{L}\p{N}]")
_NEVER_BEFORE_A_NAME = (".", ":", "/", "\\", "-", "_", "@")
_NEVER_LAST = ".,;:!?'’…。、，！？；："


class Link(NamedTuple):
    """The part of a text from `start` to before `end`, and the address it leads to."""

    start: int
    end: int
    address: str


def find_links(text: str) -> Iterator[Link]:
    """Addresses with `http://` or `https://`, and names in a well-known top-level domain."""
    partners = _pair_brackets(text)
    position = 0
    while found := _HOST_AND_PORT.search(text, position):
        position = found.end()
        if _is_linked(text, found):
            position = _end_of_link(text, found, partners)
            shown = text[found.start() : position]
            yield Link(found.start(), position, shown if found[1] else f"http://{shown}")


def _is_linked(text: str, found: regex.Match[str]) -> bool:
    scheme, host, port = found[1], found[2].rstrip("."), found[3] or "0"
    labels = host.split(".")
    if len(host) > LONGEST_HOST or not all(_is_label(label) for label in labels):
        return False
    if len(port) > 5 or int(port) > LARGEST_PORT or _CONTINUES.match(text, found.end()):
        return False
    is_inside_a_word = text.endswith(_NEVER_BEFORE_A_NAME, 0, found.start())
    return bool(scheme) or (_is_known(labels) and not is_inside_a_word)


def _is_known(labels: list[str]) -> bool:
    top_level = labels[-1].lower()
    return len(labels) > 1 and (top_level in TOP_LEVEL_DOMAINS or top_level.startswith("xn--"))


def _is_label(label: str) -> bool:
    return 0 < len(label) <= LONGEST_LABEL and label[0] != "-" != label[-1]


def _pair_brackets(text: str) -> dict[int, int]:
    """The position of the other one of each pair of brackets or quotes in the same word."""
    partners = {}
    unclosed: defaultdict[str, list[int]] = defaultdict(list)
    for found in _BRACKET_OR_SPACE.finditer(text):
        bracket, position = found[0], found.start()
        if bracket in _OPENING and unclosed[_OPENING[bracket]]:
            opened_at = unclosed[_OPENING[bracket]].pop()
            partners[opened_at], partners[position] = position, opened_at
        elif bracket in _OPENING.values():
            unclosed[bracket].append(position)
        elif bracket not in _OPENING:
            unclosed.clear()
    return partners


def _end_of_link(text: str, found: regex.Match[str], partners: dict[int, int]) -> int:
    """Where the address ends: at the latest before a bracket that was not opened in it."""
    end = start = found.end()
    if text.startswith(("/", "?", "#"), start):
        end = _end_of_part(text, end)
        while partners.get(end, -1) > start:
            end = _end_of_part(text, end + 1)
    return found.start() + len(text[found.start() : end].rstrip(_NEVER_LAST))


def _end_of_part(text: str, start: int) -> int:
    part = _PART_OF_PATH.match(text, start)
    return part.end() if part else start
