"""Durations in words."""

# Seconds in each unit, longest first. As in relative-times.js, a month has 30 days.
UNITS = (
    ("year", 365 * 86_400),
    ("month", 30 * 86_400),
    ("week", 7 * 86_400),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
    ("second", 1),
)


def in_words(seconds: float) -> str:
    """ "3 minutes": in the longest unit that fits, rounded half up."""
    name, length = next((it for it in UNITS if seconds >= it[1]), UNITS[-1])
    count = int(seconds / length + 0.5)
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
