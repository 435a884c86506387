"""Durations in words."""

import pytest

from quart_popovers.web.durations import in_words

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (MINUTE_S, "1 minute"),
        (2.5 * MINUTE_S, "3 minutes"),
        (HOUR_S - 1, "60 minutes"),
        (HOUR_S, "1 hour"),
        (DAY_S, "1 day"),
        (7 * DAY_S, "1 week"),
        (30 * DAY_S, "1 month"),
        (45 * DAY_S, "2 months"),
        (365 * DAY_S, "1 year"),
        (1000 * DAY_S, "3 years"),
    ],
)
def test_a_duration_is_in_its_longest_unit(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
