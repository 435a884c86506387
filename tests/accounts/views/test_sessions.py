"""Account → Sessions: the list of sign-ins, and how to end them."""

import re
from datetime import timedelta
from html import unescape

from quart import Quart
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers import create_app
from quart_popovers.database import Database
from quart_popovers.models import SignIn as SignInRow
from quart_popovers.models import User, utc_now
from quart_popovers.settings import Settings
from tests.visitor import Fetch, Page, SignIn, Visitor

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"


async def sign_in_elsewhere(app: Quart, username: str, user_agent: str = FIREFOX) -> Visitor:
    """Another browser of the same person."""
    elsewhere = Visitor(app)
    token = (await elsewhere.get("/login")).csrf_token
    fields = {"csrf_token": token, "username": username, "password": "correct horse"}
    await elsewhere.client.post("/login", form=fields, headers={"User-Agent": user_agent})
    return elsewhere


def listed(page: Page) -> list[str]:
    """The text of each row of the page."""
    rows = re.findall(r'<li class="session">(.*?)</li>', page.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def to_end(page: Page) -> list[str]:
    return re.findall(r'name="sign_in" value="([0-9a-f]{64})"', page.text)


async def test_the_page_lists_the_browsers_that_are_signed_in(app: Quart, sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    await sign_in_elsewhere(app, "ada")
    await sign_in("bo")

    page = await ada.get("/account/sessions")

    rows = sorted(listed(page))
    assert len(rows) == 2
    assert re.fullmatch(r"Firefox on Windows First seen .+ , last seen .+ End", rows[0])
    assert "This browser" in rows[1]
    assert rows[1].endswith("last seen now")
    assert page.text.count(">End<") == 1


async def test_the_times_of_the_first_and_last_use_are_shown(
    app: Quart, sign_in: SignIn, database: Database
) -> None:
    ada = await sign_in("ada")
    await sign_in_elsewhere(app, "ada")
    async with AsyncSession(database.writer) as db, db.begin():
        then = {
            "created_at": utc_now() - timedelta(days=12),
            "last_seen": utc_now() - timedelta(days=3),
        }
        await db.execute(update(SignInRow).where(SignInRow.user_agent == FIREFOX).values(then))

    rows = listed(await ada.get("/account/sessions"))

    assert rows[1].startswith("Firefox on Windows First seen 2 weeks ago , last seen 3 days ago")


async def test_a_sign_in_of_more_than_30_days_ago_is_not_listed(
    app: Quart, sign_in: SignIn, database: Database
) -> None:
    ada = await sign_in("ada")
    await sign_in_elsewhere(app, "ada")
    async with AsyncSession(database.writer) as db, db.begin():
        long_ago = utc_now() - timedelta(days=31)
        await db.execute(
            update(SignInRow).where(SignInRow.user_agent == FIREFOX).values(created_at=long_ago)
        )

    page = await ada.get("/account/sessions")

    assert len(listed(page)) == 1
    assert "End all others" not in page.text


async def test_an_ended_sign_in_gets_401_at_once_in_every_worker(
    app: Quart, settings: Settings, sign_in: SignIn
) -> None:
    ada, phone = await sign_in("ada"), await sign_in_elsewhere(app, "ada")
    other_worker = create_app(settings)
    async with other_worker.test_app():
        phone_there = Visitor(other_worker)
        phone_there.steal_cookies_of(phone)
        before = [(await it.get("/user/ada/popup")).status for it in (phone, phone_there)]
        sessions = await ada.get("/account/sessions")

        [token_hash] = to_end(sessions)
        page = await ada.post(
            "/account/sessions/end", csrf_token=sessions.csrf_token, sign_in=token_hash
        )

        after = [(await it.get("/user/ada/popup")).status for it in (phone, phone_there)]
        feed = [(await it.get("/")).status for it in (phone, phone_there)]
    shown = await ada.follow(page)
    assert (before, after, feed) == ([200, 200], [401, 401], [303, 303])
    assert shown.flashes == ["That browser is signed out."]
    assert len(listed(shown)) == 1
    assert (await ada.get("/user/ada/popup")).status == 200


async def test_all_other_sign_ins_end_and_this_one_stays(app: Quart, sign_in: SignIn) -> None:
    ada = await sign_in("ada")
    others = [await sign_in_elsewhere(app, "ada") for _ in range(3)]
    bo = await sign_in("bo")
    sessions = await ada.get("/account/sessions")

    page = await ada.post("/account/sessions/end-others", csrf_token=sessions.csrf_token)

    shown = await ada.follow(page)
    assert shown.flashes == ["All other browsers are signed out."]
    assert len(listed(shown)) == 1
    assert [(await other.get("/user/ada/popup")).status for other in others] == [401] * 3
    assert (await bo.get("/")).status == 200


async def test_nobody_ends_a_sign_in_of_somebody_else(sign_in: SignIn, fetch: Fetch) -> None:
    ada, bo = await sign_in("ada"), await sign_in("bo")
    [[of_ada]] = await fetch(select(SignInRow.token_hash).join(User).where(User.username == "ada"))
    token = (await bo.get("/account/sessions")).csrf_token

    page = await bo.post("/account/sessions/end", csrf_token=token, sign_in=of_ada)

    assert page.status == 303
    assert (await ada.get("/")).status == 200


async def test_ending_the_sign_in_of_this_browser_is_signing_out(
    sign_in: SignIn, fetch: Fetch
) -> None:
    ada = await sign_in("ada")
    [[own]] = await fetch(select(SignInRow.token_hash))
    token = (await ada.get("/account")).csrf_token

    page = await ada.post("/account/sessions/end", csrf_token=token, sign_in=own)

    assert (await ada.follow(page)).location == "/login?next=/account/sessions"


async def test_signing_in_gives_a_new_token_and_ends_what_the_browser_had(
    app: Quart, sign_in: SignIn, fetch: Fetch
) -> None:
    """Session fixation: a token that was known before signing in is invalid afterwards."""
    ada, thief = await sign_in("ada"), Visitor(app)
    thief.steal_cookies_of(ada)
    [[before]] = await fetch(select(SignInRow.token_hash))
    await ada.sign_out()
    await ada.sign_in("ada")

    [[after]] = await fetch(select(SignInRow.token_hash))
    assert before != after
    assert (await thief.get("/user/ada/popup")).status == 401


async def test_the_user_agent_is_stored_without_control_characters(
    app: Quart, sign_in: SignIn, fetch: Fetch
) -> None:
    ada = await sign_in("ada")
    await sign_in_elsewhere(app, "ada", "<b>\x00\x1b\u0085Firefox/130.0" + "x" * 500)

    page = await ada.get("/account/sessions")

    kept = [agent for [agent] in await fetch(select(SignInRow.user_agent))]
    assert all(agent.isprintable() and len(agent) <= 300 for agent in kept)
    assert "<b>" not in page.text


async def test_only_the_viewers_profile_links_to_the_account(
    sign_in: SignIn,
) -> None:
    ada = await sign_in("ada")
    await sign_in("bo")

    own, other = await ada.get("/user/ada"), await ada.get("/user/bo")
    account = await ada.get("/account")

    assert 'href="/account"' in own.text
    assert 'href="/account"' not in other.text
    for path in ("sessions", "password", "export", "delete"):
        assert f'href="/account/{path}"' in account.text
