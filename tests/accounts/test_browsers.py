"""Names of browsers."""

import pytest

from quart_popovers.accounts.browsers import name_browser

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/156.0.0.0 Safari/537.36", "Chrome"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/126 Safari/537 Edg/126.0", "Edge"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox"),
    ],
)
def test_browsers_are_named(user_agent: str, name: str) -> None:
    assert name_browser(user_agent).split(" on ")[0] == name


def test_the_system_is_named_too() -> None:
    assert name_browser("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko Firefox/130.0") == (
        "Firefox on Linux"
    )


@pytest.mark.parametrize("user_agent", ["", "?", "<script>alert(1)</script>", "x" * 300])
def test_an_unrecognised_browser_is_called_unknown(user_agent: str) -> None:
    assert name_browser(user_agent) == "Unknown browser"
