"""Text as a person meant and counts it."""

import pytest

from quart_popovers.web.forms import count_characters, normalise_text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("👨‍👩‍👧‍👦", 1),
        ("🇸🇪🇮🇳", 2),
        ("👍🏽", 1),
        ("e\u0301", 1),
        ("नमस्ते", 3),
        ("a\nb", 3),
        ("a\r\nb", 3),
        ("日本語", 3),
    ],
)
def test_characters_are_counted_as_a_person_counts_them(text: str, count: int) -> None:
    assert count_characters(text) == count


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (None, ""),
        ("  a  ", "a"),
        ("\r\na\r\nb\rc\n", "a\nb\nc"),
        ("e\u0301", "é"),
        ("a\u00a0", "a"),
        ("a  b", "a  b"),
    ],
)
def test_text_is_kept_with_one_kind_of_line_end_composed_and_trimmed(
    text: str | None, kept: str
) -> None:
    assert normalise_text(text) == kept
