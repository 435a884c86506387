"""What no browser sends: a 4xx with a page, and never a 500."""

from urllib.parse import quote, urlencode

import pytest
from quart import Quart
from sqlalchemy import select

from quart_popovers import LARGEST_BODY_BYTES
from quart_popovers.models import Post, User
from quart_popovers.services import services
from quart_popovers.web.well_formed import MOST_FIELDS, NOT_TEXT, TOO_MANY_FIELDS
from tests.rows import insert_user
from tests.visitor import PASSWORD, Fetch, Page, Visitor
from tests.web.asgi import FORM, cookies_of, send_bytes

# As they stand in an address or a form.
NUL = "%00"
BROKEN_UTF8 = ["%ff", "%c3", "%c3%28", "%f0%9f%90", "%ed%a0%80", "%ed%b0%80", "%c0%80"]
PATHS = ["/", "/index", "/user/ada", "/user/ada/popup", "/login", "/avatars/{}.svg", "/static/{}"]


@pytest.fixture(scope="module")
def app(shared_app: Quart) -> Quart:
    """One for all of them: what is refused changes nothing."""
    return shared_app


@pytest.fixture(scope="module")
async def ada(app: Quart) -> Visitor:
    await insert_user(services(app).database, "ada")
    ada = Visitor(app)
    await ada.sign_in("ada")
    return ada


def is_a_clean_refusal(page: Page) -> bool:
    """A 4xx in the site's look, or a fragment for a script."""
    return 400 <= page.status < 500 and "Traceback" not in page.text and "<p" in page.text


async def ask(ada: Visitor, target: str, **headers: bytes) -> Page:
    return await send_bytes(
        ada.app, "GET", target.encode("latin1"), {"cookie": cookies_of(ada)} | headers
    )


async def submit(ada: Visitor, path: str, body: bytes, content_type: str = FORM) -> Page:
    headers = {"cookie": cookies_of(ada), "content-type": content_type.encode()}
    return await send_bytes(ada.app, "POST", path.encode(), headers, body)


@pytest.mark.parametrize("bad", [NUL, *BROKEN_UTF8, "%e2%80%ae", "%0a", "%7f"])
@pytest.mark.parametrize("path", ["/{}", "/user/{}", "/user/a{}/popup", *PATHS[5:], "/static/x/{}"])
async def test_an_address_that_is_no_text_is_not_found(ada: Visitor, path: str, bad: str) -> None:
    page = await ask(ada, path.format(bad))

    assert page.status == 404
    assert is_a_clean_refusal(page)


@pytest.mark.parametrize("long", ["a" * 256, "a/" * 2000, "%c3%a9" * 128, "%" * 1000])
@pytest.mark.parametrize("path", ["/{}", "/user/{}", "/user/a{}/popup", *PATHS[5:], "/static/x/{}"])
async def test_a_path_that_is_too_long_for_a_file_is_not_found(
    ada: Visitor, path: str, long: str
) -> None:
    page = await ask(ada, path.format(long))

    assert page.status == 404
    assert is_a_clean_refusal(page)


@pytest.mark.parametrize("target", ["/?next={}", "/login?next=/{}", "/user/{}/popup", "/{}"])
async def test_an_address_of_more_than_8_kib_is_refused(ada: Visitor, target: str) -> None:
    page = await ask(ada, target.format("%" * 8192))

    assert page.status == 414
    assert is_a_clean_refusal(page)


@pytest.mark.parametrize("bad", [NUL, *BROKEN_UTF8])
@pytest.mark.parametrize("query", ["before={}", "next={}", "x={}", "{}=x", "a=b&{}"])
async def test_a_query_that_is_no_text_is_refused(ada: Visitor, query: str, bad: str) -> None:
    for path in ("/", "/user/ada", "/login", "/nothing"):
        page = await ask(ada, f"{path}?{query.format(bad)}")

        assert page.status == 400
        assert NOT_TEXT in page.text


@pytest.mark.parametrize("bad", [NUL, *BROKEN_UTF8])
async def test_a_hover_looks_at_no_query(ada: Visitor, bad: str) -> None:
    card = await ask(ada, f"/user/ada/popup?x={bad}")

    assert card.status == 200


async def test_a_query_in_raw_bytes_is_refused(ada: Visitor) -> None:
    """HTTP/1.1 has no such bytes; over HTTP/2 they come through."""
    pages = [await ask(ada, path) for path in ("/?x=\xff", "/user/ada/popup?x=\xff")]

    assert [page.status for page in pages] == [400, 400]


NUMBERS = [
    "0",
    "-1",
    "9223372036854775808",
    "1e400",
    "NaN",
    "Infinity",
    "0x10",
    "+",
    "%20",
    "½",
    "99999999999999999999",
]


@pytest.mark.parametrize("number", [*NUMBERS, "9" * 5000, "", "[]", "1;DROP TABLE users", "½"])
@pytest.mark.parametrize("mark", ["before", "after"])
async def test_a_number_out_of_range_is_refused_with_a_page(
    ada: Visitor, mark: str, number: str
) -> None:
    pages = [await ask(ada, f"{path}?{mark}={quote(number)}") for path in ("/", "/user/ada")]

    assert [page.status for page in pages] == [400, 400]
    assert all(is_a_clean_refusal(page) for page in pages)


@pytest.mark.parametrize("number", [1, 2**31, 2**63 - 1])
async def test_a_number_in_range_is_answered(ada: Visitor, number: int) -> None:
    page = await ask(ada, f"/?before={number}")

    assert page.status in {200, 303}  # before the first comment there is nothing to show


@pytest.mark.parametrize(
    "cookie", [b"sign-in=\xff", b"session=\xc3\x28", b"x=\xed\xa0\x80", b"\xff"]
)
async def test_a_cookie_that_is_no_text_is_refused_with_what_to_do(
    app: Quart, cookie: bytes
) -> None:
    for path in (b"/", b"/login"):
        page = await send_bytes(app, "GET", path, {"cookie": cookie})

        assert page.status == 400
        assert "Please clear the cookies of this site" in page.text
    assert (await send_bytes(app, "GET", b"/user/ada/popup", {"cookie": cookie})).status == 401


@pytest.mark.parametrize(
    "cookie",
    ["sign-in=é", "sign-in=; session=", "sign-in=a.b.c", "session=e30.a.b", "=", ";;;", "x" * 8000],
)
async def test_a_cookie_of_somebody_elses_making_is_a_guests(app: Quart, cookie: str) -> None:
    page = await send_bytes(app, "GET", b"/", {"cookie": cookie.encode()})
    popup = await send_bytes(app, "GET", b"/user/ada/popup", {"cookie": cookie.encode()})

    assert (page.status, popup.status) == (303, 401)


FORMS: list[tuple[str, dict[str, str], str]] = [
    ("/", {"body": "Hello"}, "body"),
    ("/edit-profile", {"username": "ada", "about_me": "Me"}, "about_me"),
    ("/edit-profile", {"username": "ada", "about_me": "Me"}, "username"),
    ("/account/password", {"current_password": PASSWORD, "password": "x" * 9}, "password"),
    ("/account/delete", {"current_password": PASSWORD}, "current_password"),
    ("/account/sessions/end", {"sign_in": "x"}, "sign_in"),
    ("/logout", {}, "csrf_token"),
]


@pytest.mark.parametrize("bad", [NUL, *BROKEN_UTF8, "\xff"])
@pytest.mark.parametrize("form", FORMS)
async def test_a_form_that_is_no_text_is_refused_and_changes_nothing(
    ada: Visitor, fetch: Fetch, form: tuple[str, dict[str, str], str], bad: str
) -> None:
    path, good, field = form
    token = (await ada.get("/")).csrf_token
    fields = urlencode({"csrf_token": token} | good | {field: ""}).encode("latin1")
    body = fields + f"&{field}=a".encode() + bad.encode("latin1")

    page = await submit(ada, path, body)

    assert page.status == 400
    assert NOT_TEXT in page.text
    assert await fetch(select(User.username, User.about_me)) == [("ada", "")]
    assert await fetch(select(Post.id)) == []
    assert (await ada.get("/")).status == 200


@pytest.mark.parametrize("bad", [NUL, *BROKEN_UTF8, "\xff"])
@pytest.mark.parametrize("path", ["/register", "/login"])
async def test_a_guests_form_that_is_no_text_is_refused(
    visitor: Visitor, path: str, bad: str
) -> None:
    token = (await visitor.get(path)).csrf_token
    body = f"csrf_token={token}&username=a{bad}&email=a%40example.com&password=long+enough"

    page = await submit(visitor, path, body.encode("latin1"))

    assert page.status == 400
    assert is_a_clean_refusal(page)


@pytest.mark.parametrize("override", ["\u202e", "\u2066", "\u200f"])
async def test_a_username_has_no_overrides(visitor: Visitor, override: str) -> None:
    page = await visitor.register(f"a{override}da")

    assert page.status == 422
    assert "Use letters" in page.errors_beside("username")


@pytest.mark.parametrize("separator", ["&", "&x=", "&=&"])
async def test_too_many_fields_are_refused(ada: Visitor, separator: str) -> None:
    form = await submit(ada, "/", (separator * MOST_FIELDS).encode())
    query = await ask(ada, "/?" + separator * MOST_FIELDS)

    assert (form.status, query.status) == (400, 400)
    assert TOO_MANY_FIELDS in form.text
    assert TOO_MANY_FIELDS in query.text


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("multipart/form-data; boundary=x", 415),
        ("multipart/form-data", 415),
        ("application/json", 400),
        ("text/plain", 400),
        ("", 400),
        ("application/x-www-form-urlencoded; charset=utf-16", 400),
    ],
)
async def test_a_body_of_another_kind_is_refused(
    ada: Visitor, content_type: str, status: int
) -> None:
    page = await submit(ada, "/", b"--x\r\n\r\n{}\r\n--x--", content_type)

    assert page.status == status
    assert is_a_clean_refusal(page)


async def test_a_body_of_64_kib_is_read_and_a_larger_one_is_not(ada: Visitor) -> None:
    start = f"csrf_token={(await ada.get('/')).csrf_token}&body=".encode()

    largest = await submit(ada, "/", start + b"x" * (LARGEST_BODY_BYTES - len(start)))
    larger = await submit(ada, "/", start + b"x" * (LARGEST_BODY_BYTES - len(start) + 1))

    assert (largest.status, larger.status) == (422, 413)
    assert "This is too large for this site." in larger.text


@pytest.mark.parametrize(
    "host", [b"", b"\xff", b"a b", b"::::", b"[", b"x" * 5000, b"a..b", b"a/b"]
)
async def test_a_strange_host_breaks_nothing(app: Quart, host: bytes) -> None:
    page = await send_bytes(app, "GET", b"/login", {"host": host})

    assert page.status in {200, 400}
    assert "<p" in page.text


@pytest.mark.parametrize("host", [b"a" * 5000, b"\xab" * 5000, b"a." * 200])
async def test_a_host_that_is_longer_than_any_name_is_refused(app: Quart, host: bytes) -> None:
    page = await send_bytes(app, "GET", b"/login", {"host": host})

    assert page.status == 400


@pytest.mark.parametrize("etag", [b"\xff", b'"', b'W/"', b"*" * 5000, b'"a", ' * 500])
async def test_a_strange_etag_breaks_nothing(ada: Visitor, etag: bytes) -> None:
    page = await ask(ada, "/user/ada/popup", **{"if-none-match": etag})

    assert page.status == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "x" * 500])
async def test_a_strange_method_is_405_with_a_page(ada: Visitor, method: str) -> None:
    page = await send_bytes(ada.app, method, b"/", {"cookie": cookies_of(ada)})

    assert page.status == 405
    assert is_a_clean_refusal(page)
