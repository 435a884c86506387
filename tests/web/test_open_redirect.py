"""`?next=` at the sign-in page itself, with what attackers send and what browsers make of it."""

import string
from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quart_popovers.web.redirects import is_path_of_this_site
from tests.visitor import PASSWORD, MakeUser, SignIn, Visitor
from tests.web.asgi import cookies_of, send_bytes

HOME = "https://social.example/login"
EVIL = [
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://evil.example",
    "///evil.example",
    "/%2f/evil.example",
    "%2f%2fevil.example",
    "/%5cevil.example",
    "/%255cevil.example",
    "/\t/evil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "\x01//evil.example",
    "/\u0085/evil.example",
    "/\u2028/evil.example",
    "/\u3000/evil.example",
    "/%e2%80%a8/evil.example",
    "/%00/evil.example",
    "/%ed%a0%80",
    "/index%0d%0aSet-Cookie:%20a=b",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "/javascript:alert(1)\n",
    "data:text/html,<script>alert(1)</script>",
    "social.example",
    "@evil.example",
    "?next=//evil.example",
    "#//evil.example",
]


@pytest.mark.parametrize("target", EVIL)
async def test_signing_in_leads_home_instead(
    visitor: Visitor, make_user: MakeUser, target: str
) -> None:
    await make_user("ada")
    path = f"/login?next={quote(target, safe='')}"

    page = await visitor.submit(path, username="ada", password=PASSWORD)

    assert (page.status, page.location) == (303, "/")


@pytest.mark.parametrize("target", EVIL)
async def test_who_is_signed_in_already_is_led_home_too(sign_in: SignIn, target: str) -> None:
    ada = await sign_in("ada")

    page = await send_bytes(
        ada.app,
        "GET",
        f"/login?next={quote(target, safe='')}".encode(),
        {"cookie": cookies_of(ada)},
    )

    assert (page.status, page.location) == (303, "/")


async def test_of_two_targets_both_are_looked_at(sign_in: SignIn) -> None:
    ada = await sign_in("ada")

    for query in ("next=/index&next=//evil.example", "next=//evil.example&next=/index"):
        page = await ada.get(f"/login?{query}")

        assert page.location in {"/", "/index"}


# The characters on which parsers disagree, and a few that make names.
TRICKY = st.text(alphabet="/\\:@?#.;%&=25cCfF09aAdD \t\n\r" + string.ascii_letters[:8], max_size=24)


@given(st.one_of(TRICKY, TRICKY.map(lambda it: f"/{it}"), st.text(max_size=24).map("/{}".format)))
def test_whatever_is_accepted_stays_on_this_site(target: str) -> None:
    if is_path_of_this_site(target):
        # What a browser does first (WHATWG URL, basic URL parser): drop some, read \ as /.
        as_browsers_read_it = target.strip("".join(map(chr, range(0x21)))).replace("\\", "/")
        for dropped in "\t\n\r":
            as_browsers_read_it = as_browsers_read_it.replace(dropped, "")

        assert urlsplit(urljoin(HOME, as_browsers_read_it)).netloc == "social.example"
        assert urlsplit(as_browsers_read_it).scheme == ""
        assert "\n" not in target
