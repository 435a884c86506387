"""What one request makes the event loop do is bounded, whatever its bytes.

Measured as CPU time of this process, which counts the threads of the database too.
"""

import re
from itertools import product
from pathlib import Path
from time import process_time_ns
from urllib.parse import quote

import pytest
from quart import Quart
from sqlalchemy import String, Table, update
from sqlalchemy.ext.asyncio import AsyncSession

import quart_popovers
from quart_popovers.database import Database
from quart_popovers.models import Base, Post, User
from quart_popovers.settings import Settings
from tests.visitor import MakePost, MakeUser, SignIn, Visitor
from tests.web.asgi import FORM, Headers, cookies_of, send_bytes
from tests.web.hostile import FRAGMENTS, repeated
from tests.web.test_bounded_work import LONGEST

pytestmark = pytest.mark.usefixtures("untraced")

# A request costs 5 to 10 ms here, with its page.
MOST_MS = 100
LARGEST_BYTES = 60_000

# The worst for normalising, counting, finding links, decoding.
WORST = ["\u0315\u0316", "\U0001f1e6", "xn--w.", "%"]
SEPARATORS = [",", ";", '"a",', "a;q=0.1,", "a=b; ", "%", "(", "1-,", "a.", "\xe9"]

# What browsers and proxies send, and any library may look at; and what the package looks at.
KNOWN_HEADERS = """
accept accept-charset accept-encoding accept-language authorization cache-control connection
content-encoding content-type cookie date expect forwarded from host if-match if-modified-since
if-none-match if-range if-unmodified-since keep-alive max-forwards origin pragma purpose range
referer sec-purpose te trailer transfer-encoding upgrade user-agent via warning x-forwarded-for
x-forwarded-host x-forwarded-port x-forwarded-prefix x-forwarded-proto x-request-id x-unknown
"""
SOURCE = "".join(it.read_text() for it in Path(quart_popovers.__file__).parent.rglob("*.py"))
HEADERS = {
    *KNOWN_HEADERS.split(),
    *map(str.lower, re.findall(r'headers(?:\.get|\.getlist|\b)[([]"([\w-]+)"', SOURCE)),
}

# Columns that nobody writes freely into; names and addresses are tried apart.
RESTRICTED = {"username", "email", "password_hash", "picture", "submission", "token_hash"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"trusted_proxies": 1})


async def cpu_ms(
    app: Quart, method: str, target: bytes, headers: Headers, body: bytes = b""
) -> float:
    """The CPU time of this request: the least of three runs, or the first that is short enough."""
    least = float("inf")
    for _ in range(3):
        started = process_time_ns()
        page = await send_bytes(app, method, target, headers, body)
        least = min(least, (process_time_ns() - started) / 1e6)
        assert page.status < 500
        if least < MOST_MS / 2:
            break
    return least


def paths(app: Quart, method: str) -> list[str]:
    """The address of each route for this method, for what the tests have put into the database."""
    values = {"username": "ada", "filename": "site.css", "id": 1, "key": "0" * 32}
    routes = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    adapter = app.url_map.bind("localhost")
    return sorted(
        {
            adapter.build(rule.endpoint, {it: values.get(it, 1) for it in rule.arguments}, method)
            for rule in routes
        }
    )


def bytes_of(fragment: str, encoding: str = "utf-8") -> bytes:
    encoded = fragment.encode(encoding)
    return encoded * (LARGEST_BYTES // len(encoded))


async def test_a_form_with_60_kb_in_any_field_is_answered_soon(
    sign_in: SignIn, visitor: Visitor
) -> None:
    ada = await sign_in("ada")
    slow = []

    for path in sorted(paths(ada.app, "POST"), key=lambda path: path == "/logout"):
        guests = await visitor.get(path)
        person, page = (visitor, guests) if guests.status == 200 else (ada, await ada.get(path))
        headers = {"content-type": FORM.encode(), "cookie": cookies_of(person)}
        token = page.csrf_token if page.status == 200 else (await ada.get("/")).csrf_token
        for field in {"sign_in", "csrf_token", *re.findall(r'name="(\w+)"', page.text)}:
            for fragment, given in product(WORST, (token, "forged")):
                body = f"csrf_token={given}&{field}=".encode() + bytes_of(fragment)
                took_ms = await cpu_ms(person.app, "POST", path.encode(), headers, body)
                if took_ms > MOST_MS:
                    slow.append((path, fragment, field, given, took_ms))

    assert slow == []


async def test_the_longest_address_that_is_routed_is_answered_soon(sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    targets = ["/{}", "/user/{}/popup", "/static/a/{}", "/login?next=/{}", "/?before={}", "/?{}"]
    slow = []

    for target, fragment in product(targets, FRAGMENTS):
        # As Hypercorn does: what is not ASCII in a path stands in it percent-encoded.
        text = quote(repeated(fragment, 8000).encode(), safe="!#$%&'()*+,/:;=?@[]")[:8000]
        asked = target.format(text).encode()
        took_ms = await cpu_ms(ada.app, "GET", asked, {"cookie": cookies_of(ada)})
        if took_ms > MOST_MS:
            slow.append((target, fragment, took_ms))

    assert slow == []


@pytest.mark.parametrize("path", ["/user/ada/popup", "/login"])
async def test_any_header_of_60_kb_is_answered_soon(sign_in: SignIn, path: str) -> None:
    ada = await sign_in("ada")
    cookies = cookies_of(ada)
    slow = []

    for name, fragment in product(sorted(HEADERS), SEPARATORS):
        headers = {"cookie": cookies} | {name: bytes_of(fragment, "latin1")}
        took_ms = await cpu_ms(ada.app, "GET", path.encode(), headers)
        if took_ms > MOST_MS:
            slow.append((name, fragment, took_ms))

    assert "if-none-match" in HEADERS
    assert "sec-fetch-site" in HEADERS
    assert slow == []


async def test_a_page_of_the_worst_texts_is_answered_soon(
    sign_in: SignIn, database: Database, make_user: MakeUser, make_post: MakePost
) -> None:
    """Ten comments and all else that people write, as long as it may be, past all forms."""
    ada = await sign_in("ada")
    bo = await make_user("bo")
    posts = [await make_post(bo) for _ in range(10)]
    kept = [it for it in FRAGMENTS if "\0" not in it]  # no database takes NUL
    slow = []

    for start in range(0, len(kept), len(posts)):
        fragments = kept[start : start + len(posts)]
        async with AsyncSession(database.writer) as db, db.begin():
            for table, columns in text_columns().items():
                texts = {it: repeated(fragments[0], length) for it, length in columns.items()}
                await db.execute(update(table).values(texts))
            name = repeated(fragments[0], 64)
            await db.execute(update(User).where(User.id == bo).values(username=name))
            for post, fragment in zip(posts, fragments, strict=False):
                text = repeated(fragment, LONGEST)
                await db.execute(update(Post).where(Post.id == post).values(body=text))
        for path in paths(ada.app, "GET"):
            took_ms = await cpu_ms(ada.app, "GET", path.encode(), {"cookie": cookies_of(ada)})
            if took_ms > MOST_MS:
                slow.append((path, fragments, took_ms))

    assert slow == []


def text_columns() -> dict[Table, dict[str, int]]:
    """The columns that hold people's words, with the characters that they take."""
    return {
        table: {
            column.name: column.type.length or LONGEST
            for column in table.columns
            if isinstance(column.type, String) and column.name not in RESTRICTED
        }
        for table in Base.metadata.sorted_tables
    }
