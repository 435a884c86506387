"""What people wrote, made fit for a page."""

from datetime import datetime, timedelta, timezone

import pytest

from quart_popovers.models import utc_now
from quart_popovers.web.text import ago, iso_utc, with_links

LINK = '<a href="{0}" rel="nofollow ugc noopener">{1}</a>'
NO_LINKS = [
    "javascript:alert(1)",
    "JavaScript://example.com/%0aalert(1)",
    "data:text/html,hello",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://example.com/",
    "mailto:ada@example.com",
    "ada@example.com",
    "//example.com/path",
    "http://",
    "plain text.",
]


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS"])
def test_a_web_address_becomes_a_link(scheme: str) -> None:
    address = f"{scheme}://example.com/a"

    assert with_links(address) == LINK.format(address, address)


@pytest.mark.parametrize("text", NO_LINKS)
def test_nothing_else_becomes_a_link(text: str) -> None:
    assert with_links(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("a\nb", "a\nb"),
        (
            "(see https://example.com/a_(b)).",
            f"(see {LINK.format('https://example.com/a_(b)', 'https://example.com/a_(b)')}).",
        ),
        (
            "https://example.com/?a=1&b=2",
            LINK.format("https://example.com/?a=1&amp;b=2", "https://example.com/?a=1&amp;b=2"),
        ),
        (
            'https://example.com/"onmouseover="alert(1)',
            LINK.format(
                "https://example.com/&#34;onmouseover=&#34;alert(1)",
                "https://example.com/&#34;onmouseover=&#34;alert(1)",
            ),
        ),
        (
            "https://example.com/<script>",
            LINK.format("https://example.com/", "https://example.com/") + "&lt;script&gt;",
        ),
        ("example.com", LINK.format("http://example.com", "example.com")),
    ],
)
def test_everything_is_escaped_in_and_around_links(text: str, expected: str) -> None:
    assert with_links(text) == expected


def test_a_text_is_rendered_once() -> None:
    assert with_links("See example.com") is with_links("See example.com")


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ({"seconds": 0}, "just now"),
        ({"seconds": 59}, "just now"),
        ({"seconds": -5}, "just now"),
        ({"seconds": 61}, "1 minute ago"),
        ({"minutes": 3}, "3 minutes ago"),
        ({"hours": 1, "minutes": 1}, "1 hour ago"),
        ({"days": 1, "minutes": 1}, "1 day ago"),
        ({"weeks": 2, "minutes": 1}, "2 weeks ago"),
        ({"days": 61}, "2 months ago"),
        ({"days": 800}, "2 years ago"),
    ],
)
def test_how_long_ago_is_said_in_words(since: dict[str, int], words: str) -> None:
    assert ago(utc_now() - timedelta(**since)) == words


def test_a_moment_is_written_in_utc_with_a_z() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(0)))

    assert iso_utc(moment) == "2026-01-02T03:04:05Z"
