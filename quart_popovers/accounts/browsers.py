"""Names a browser as its owner would: "Firefox on Windows" instead of a line of codes."""

# Longer than what browsers send. The time to parse grows with the length.
LONGEST_USER_AGENT = 300


def name_browser(user_agent: str) -> str:
    """A name for the sign-in of a browser that called itself this."""
    from ua_parser import parse  # noqa: PLC0415 (30 ms at each start, for one page)

    found = parse(user_agent[:LONGEST_USER_AGENT])
    browser = found.user_agent.family if found.user_agent else "Unknown browser"
    return f"{browser} on {found.os.family}" if found.os else browser
