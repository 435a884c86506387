"""Where a web address begins and ends in what people write."""

import pytest

from quart_popovers.web.links import find_links


def links_in(text: str) -> list[str]:
    return [text[link.start : link.end] for link in find_links(text)]


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com",
        "HTTPS://EXAMPLE.COM",
        "http://localhost:5000/",
        "http://192.0.2.1/",
        "http://example.com:65535/a?b=c&d=e#f",
        "https://example.com/a.b,c;d!e'f%20g-_~",
        "https://example.com/b...c",
        "https://example.com?q=1",
        "https://example.com#top",
        "https://example.com./a",
        "https://example.com/a_(b)",
        "https://example.com/A_(b_(c))",
        "https://example.com/[a](b){c}«d»",
        "http://пример.испытание/путь",
        "http://उदाहरण.परीक्षा/",
        "https://例え.jp/日本語",
        "https://fa.example.org/wiki/می\u200cخواهم",
        f"http://{'a' * 63}.com",
    ],
)
@pytest.mark.parametrize(
    "around",
    ["{}", "See {} there.", "({})", "“{}”", "<{}>", "Is it {}?", "x:\n{}…", "[{}, ", "也{}。"],
)
def test_an_address_is_linked_without_the_sentence_around_it(address: str, around: str) -> None:
    assert links_in(around.format(address)) == [address]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("example.com", ["example.com"]),
        ("Example.ORG!", ["Example.ORG"]),
        ("www.example.co.uk/a?b=c.", ["www.example.co.uk/a?b=c"]),
        ("example.com:8080/a", ["example.com:8080/a"]),
        ("пример.рф", ["пример.рф"]),
        ("xn--e1afmkfd.xn--p1ai", ["xn--e1afmkfd.xn--p1ai"]),
        ("a.com,b.com|c.com", ["a.com", "b.com", "c.com"]),
        ("example.com...", ["example.com"]),
        ("❤️example.com🎉", ["example.com"]),
    ],
)
def test_a_name_in_a_well_known_domain_is_linked_without_a_scheme(
    text: str, found: list[str]
) -> None:
    assert links_in(text) == found
    assert [link.address for link in find_links(text)] == [f"http://{it}" for it in found]


@pytest.mark.parametrize(
    "text",
    [
        "no.such.domain",
        "e.g. this, 3.14 or 1.2.3.4",
        "a..com",
        "...example.com",
        "-example.com",
        "example-.com",
        "example.com_",
        "user_name.com",
        "first.me@example.com",
        "xhttp://example.com",
        "ftp://example.com",
        "http:/example.com",
        "http://-example.com",
        "http://example-.com",
        "http://a..com",
        "http://example.com:65536/",
        "http://example.com:" + "1" * 1000,
        "http://ada:secret@example.com/",
        "http://ada@example.com/",
        f"http://{'a' * 64}.com",
        f"http://{'a.' * 126}ab",
        "http://.",
        "https://",
    ],
)
def test_what_is_no_address_is_not_linked(text: str) -> None:
    assert links_in(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://example.com/a)b", "https://example.com/a"),
        ("https://example.com/a(b", "https://example.com/a"),
        ('https://example.com/a"b', "https://example.com/a"),
        ("https://example.com/a<b", "https://example.com/a"),
        ("https://example.com/a\u202eb", "https://example.com/a"),
        ("https://example.com/(a b)", "https://example.com/"),
        ("[a](https://example.com/b) c)", "https://example.com/b"),
    ],
)
def test_a_bracket_that_the_address_does_not_close_ends_it(text: str, found: str) -> None:
    assert links_in(text) == [found]
