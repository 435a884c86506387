"""Where `?next=` may lead."""

import pytest
from quart import Quart

from quart_popovers.web.redirects import is_path_of_this_site
from quart_popovers.web.static_files import STATIC_URL_PATH
from tests.visitor import Visitor

# The root is its slash, and a slash below /static/ is part of the name of a file.
NOT_PAGES = {"/", f"{STATIC_URL_PATH}/ada", "/static/ada/ada"}

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


async def test_every_page_is_found_with_a_slash_too_many(app: Quart) -> None:
    visitor = Visitor(app)
    urls = app.url_map.bind("localhost")
    pages = {
        urls.build(rule.endpoint, dict.fromkeys(rule.arguments, "ada"))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.endswith("/popup")
    }

    locations = {page: (await visitor.get(f"{page}/")).location for page in pages - NOT_PAGES}

    assert {"/login", "/user/ada", "/favicon.ico"} <= locations.keys()
    assert locations == {page: page for page in locations}


async def test_the_query_is_kept_and_the_method_too(visitor: Visitor) -> None:
    page = await visitor.get("/login/?next=%2Fuser%2Fada&a=%C3%A9")
    form = await visitor.post("/login/")

    assert (page.status, page.location) == (308, "/login?next=%2Fuser%2Fada&a=%C3%A9")
    assert (form.status, form.location) == (308, "/login")


@pytest.mark.parametrize(
    "path",
    [
        "/user/ada/popup/",
        "/user//popup/",
        "/login//",
        "/nothing/",
        "//evil.example/",
        "//evil.example/login/",
        "/\\evil.example/",
        "/logout/",  # not a page
    ],
)
async def test_what_is_no_page_or_a_hover_is_not_redirected(visitor: Visitor, path: str) -> None:
    page = await visitor.get(path)

    assert (page.status, page.location) == (404, None)
