"""Names of browsers for people: "Firefox on Windows" instead of the User-Agent header."""

# Longer than what browsers send. The time to parse grows with the length.
LONGEST_USER_AGENT = 300


def name_browser(user_agent: str) -> str:
    """The name of the browser, and of its system if that is known."""
    from ua_parser import parse  # noqa: PLC0415 (30 ms at each start, for one page)

    found = parse(user_agent[:LONGEST_USER_AGENT])
    browser = found.user_agent.family if found.user_agent else "Unknown browser"
    return f"{browser} on {found.os.family}" if found.os else browser
