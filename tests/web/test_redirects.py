"""Where `?next=` may lead."""

import pytest

from quart_popovers.web.redirects import is_path_of_this_site

GOOD = [
    "/",
    "/index",
    "/user/ada?before=7&after=2",
    "/user/ada#posts",
    "/user/%C3%A5",
    "/a//b",
    "/search?q=https%3A%2F%2Fexample.com",
    "/?next=/user/ada",
    "/search?q=" + "%E5%90%8D" * 200,
]
EVIL = [
    "",
    "index",
    "https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "\t//evil.example",
    " /index",
    "/\t/evil.example",
    "/\n/evil.example",
    "/index\r\nSet-Cookie: a=b",
    "/%2Fevil.example",
    "/%5Cevil.example",
    "/%252Fevil.example",
    "/%09/evil.example",
    "/%0d%0aSet-Cookie:a=b",
    "/\0",
    "/\x7f",
    "@evil.example",
    ".evil.example",
    "/" + "a" * 2000,
]


@pytest.mark.parametrize("target", GOOD)
def test_a_path_of_this_site_is_followed(target: str) -> None:
    assert is_path_of_this_site(target)


@pytest.mark.parametrize("target", EVIL)
def test_everything_else_is_not(target: str) -> None:
    assert not is_path_of_this_site(target)
