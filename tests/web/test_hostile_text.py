"""What people write is shown as they wrote it, and never run: on every page, and in the log."""

import json
import logging
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from quart import Quart
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.database import Database
from quart_popovers.models import SignIn as SignInRow
from quart_popovers.models import User
from tests.visitor import MakePost, SignIn, Visitor

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></textarea></bdi><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}",
    "javascript:alert(1) data:text/html,<script>alert(1)</script>",
    'https://example.com/"onclick="alert(1) http://example.com/<svg/onload=alert(1)>',
    "http://javascript:alert(1)//",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    "<!-- --><![CDATA[<b>]]>\u202e\u2066",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
]
# What our templates are made of; whatever else appears, somebody has written.
OUR_TAGS = """
html head meta title link script body main header nav section article form label input textarea
button a img h1 p ul li dl dt dd div span bdi strong time relative-time
"""
TAGS = set(OUR_TAGS.split())


class Collector(HTMLParser):
    """Notes what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[dict[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        if tag == "a":
            self.links.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Collector:
    collector = Collector()
    collector.feed(html)
    collector.close()
    return collector


async def write_everywhere(database: Database, make_post: MakePost, text: str) -> None:
    """Past all forms, into every text of a person but the username."""
    async with AsyncSession(database.writer) as db, db.begin():
        await db.execute(update(User).values(about_me=text))
        await db.execute(update(SignInRow).values(user_agent=text))
    await make_post(await only_id(database), text)


async def only_id(database: Database) -> int:
    async with AsyncSession(database.reader) as db:
        return (await db.scalars(select(User.id))).one()


@pytest.mark.parametrize("text", HOSTILE)
async def test_on_every_page_it_is_text(
    sign_in: SignIn, database: Database, make_post: MakePost, text: str
) -> None:
    ada = await sign_in("ada")
    await write_everywhere(database, make_post, text)
    shown_on = ["/", "/user/ada", "/user/ada/popup", "/edit-profile", "/account/sessions"]

    for path in shown_on:
        page = await ada.get(path)
        seen = read(page.text)

        assert page.status == 200
        assert page.headers["content-type"].startswith("text/html; charset=utf-8")
        assert seen.tags <= TAGS, path
        assert not {name for name in seen.attributes if name.startswith("on")}, path
        if path != "/account/sessions":
            assert text in seen.text, path


@pytest.mark.parametrize("text", HOSTILE)
async def test_links_lead_only_to_the_web_and_are_not_vouched_for(
    sign_in: SignIn, database: Database, make_post: MakePost, text: str
) -> None:
    ada = await sign_in("ada")
    await write_everywhere(database, make_post, text)

    for path in ("/", "/user/ada", "/user/ada/popup"):
        for link in read((await ada.get(path)).text).links:
            address = link["href"] or ""
            if not re.match(r"[/#]", address):
                assert re.match(r"https?://", address), path
                assert link["rel"] == "nofollow ugc noopener"


@pytest.mark.parametrize("text", HOSTILE)
async def test_in_fields_titles_and_messages_it_is_text(sign_in: SignIn, text: str) -> None:
    """What was typed comes back in the form that refuses it."""
    ada = await sign_in("ada")
    guest = Visitor(ada.app)

    refused = [
        await guest.register(text, email=text),
        await guest.sign_in(text, "wrong"),
        await guest.sign_in(text, "wrong", remember_me=text),
        await ada.submit("/edit-profile", username=text, about_me=text * 9),
        await ada.submit("/", body=text * 15),
        await ada.submit("/account/delete", current_password=text),
        await ada.post("/logout", csrf_token=text),
        await ada.get(f"/login?next={quote(text)}"),
        await ada.get(f"/nothing/{quote(text)}"),
    ]

    for page in refused:
        seen = read(page.text)
        assert 300 <= page.status < 500
        assert seen.tags <= TAGS
        assert not {name for name in seen.attributes if name.startswith("on")}


async def test_even_a_name_that_no_form_lets_through_is_text(
    app: Quart, sign_in: SignIn, database: Database, make_post: MakePost
) -> None:
    """The title, the flash and the links of a page hold usernames."""
    name = '"><script>alert(1)</script>'
    ada = await sign_in("ada")
    await make_post(await only_id(database), "Hello")
    async with AsyncSession(database.writer) as db, db.begin():
        await db.execute(update(User).values(username=name))

    feed = read((await ada.get("/")).text)
    account = read((await ada.get("/account/password")).text)
    guest = Visitor(app)
    signed_in = await guest.sign_in(name)
    welcome = await guest.follow(signed_in)

    assert name in feed.text
    assert feed.tags <= TAGS
    assert account.tags <= TAGS
    assert welcome.flashes == [f"Welcome back, {name}!"]
    assert read(welcome.text).tags <= TAGS


@pytest.mark.parametrize("text", HOSTILE)
async def test_the_export_is_a_file_of_data_and_never_a_page(
    sign_in: SignIn, database: Database, make_post: MakePost, text: str
) -> None:
    ada = await sign_in("ada")
    await write_everywhere(database, make_post, text)

    page = await ada.get("/account/export")

    assert page.headers["content-type"] == "application/json; charset=utf-8"
    assert page.headers["content-disposition"].startswith("attachment;")
    assert page.headers["x-content-type-options"] == "nosniff"
    assert json.loads(page.text)["about_me"] == text


async def test_nothing_that_people_wrote_is_in_the_log(
    sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    ada = await sign_in("ada")

    with caplog.at_level(logging.DEBUG):
        for text in HOSTILE:
            await ada.post_comment(text[:140])
            await ada.submit("/edit-profile", username="ada", about_me=text)
            await ada.get(f"/nothing/{quote(text)}%0d%0a%1b[31mred")

    log = caplog.text
    assert len(caplog.records) > 20
    assert not any(text in log for text in HOSTILE)
    assert "\x1b" not in log
