"""The documented proxies: what they hide from the site, and what works through them."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.serving.conftest import skip_or_fail
from tests.serving.proxies import SITE_NAME, Caddy, Nginx, Proxy
from tests.serving.raw import HEAD_END
from tests.serving.server import GIVE_UP_S, Server
from tests.visitor import PASSWORD, Page

SITE = "tests.serving.address_site:create_address_site()"
FORGED = "203.0.113.7"
FORGED_HEADERS = {
    "X-Forwarded-For": FORGED,
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": FORGED,
    "Forwarded": f"for={FORGED};proto=http;host=evil.example",
}
SEEN = {"address": "127.0.0.1", "scheme": "https", "host": SITE_NAME, "upgrade": ""}


@pytest.fixture(params=[Nginx, Caddy])
async def proxy(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path
) -> AsyncIterator[Proxy]:
    """A proxy before the site, both as documented."""
    kind: type[Proxy] = request.param
    if kind.program() is None:
        skip_or_fail(f"{kind.__name__} is not installed")
    behind_a_proxy = {"TRUSTED_PROXIES": "1", "SECURE_COOKIES": "true"}
    async with Server(sqlite_url, tmp_path, site=SITE, settings=behind_a_proxy) as server:
        async with kind(tmp_path, server.port) as proxy:
            yield proxy
        assert server.ended_without_a_traceback(), server.log


@pytest.fixture
async def browser(proxy: Proxy) -> AsyncIterator[httpx.AsyncClient]:
    """Goes through the proxy, whatever name it asks for; cookies are this name's."""
    headers = {"Host": SITE_NAME}
    site = f"https://127.0.0.1:{proxy.port}"
    async with httpx.AsyncClient(
        base_url=site, headers=headers, verify=trusting_anybody(), timeout=GIVE_UP_S
    ) as client:
        client.event_hooks["request"] = [name_the_site]
        yield client


async def name_the_site(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = SITE_NAME


def trusting_anybody() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def test_address_scheme_and_host_cannot_be_forged(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/test-only/seen", headers=FORGED_HEADERS)

    assert answer.json() == SEEN


@pytest.mark.parametrize("protocol", ["h2c", "websocket"])
async def test_no_upgrade_reaches_the_site(proxy: Proxy, protocol: str) -> None:
    lines = [
        "GET /test-only/seen HTTP/1.1",
        f"Host: {SITE_NAME}",
        "Connection: Upgrade, HTTP2-Settings, close",
        f"Upgrade: {protocol}",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]

    answer = await ask(proxy, lines)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"upgrade":""' in answer.replace(b" ", b"")


async def ask(proxy: Proxy, lines: list[str]) -> bytes:
    """Everything that comes back for exactly this head of a request."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", proxy.port, ssl=trusting_anybody(), server_hostname=SITE_NAME
    )
    writer.write("\r\n".join(lines).encode() + HEAD_END)
    async with asyncio.timeout(GIVE_UP_S):
        answer = await reader.read()
    writer.close()
    return answer


async def test_signing_in_posting_and_hovering_work(browser: httpx.AsyncClient) -> None:
    form = page_of(await browser.get("/login"))
    fields = {"csrf_token": form.csrf_token, "username": "ada", "password": PASSWORD}
    signed_in = await browser.post("/login", data=fields)
    cookies = "; ".join(line.partition(";")[0] for line in signed_in.headers.get_list("set-cookie"))
    browser.headers["Cookie"] = cookies

    feed = page_of(await browser.get("/"))
    posted = await browser.post("/", data={"csrf_token": feed.csrf_token, "body": "Through it"})
    cards = await asyncio.gather(*(browser.get("/user/bo/popup") for _ in range(20)))

    known = {"If-None-Match": cards[0].headers["ETag"]}
    again = await browser.get("/user/bo/popup", headers=known)

    assert signed_in.status_code == posted.status_code == 303
    assert "__Host-sign-in=" in cookies
    assert {card.status_code for card in cards} == {200}
    assert again.status_code == 304
    assert page_of(await browser.get("/")).comments == ["Through it"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_pages_styles_and_scripts_are_compressed(
    browser: httpx.AsyncClient, encoding: str
) -> None:
    browser.headers["Accept-Encoding"] = encoding
    page = await browser.get("/login")
    named = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page.text)

    answers = [page, *[await browser.get(path) for path in named]]

    assert len(answers) >= 4
    assert {it.headers.get("Content-Encoding", "identity") for it in answers} == {encoding}


def page_of(answer: httpx.Response) -> Page:
    return Page(answer.status_code, answer.text, None, dict(answer.headers))


async def test_a_form_that_is_too_large_is_refused(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/login", data={"username": "x" * 70_000})

    assert answer.status_code == 413
