"""Account → Export: everything the site holds about a person."""

import json
from dataclasses import fields

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.accounts.export import NOT_EXPORTED
from quart_popovers.accounts.queries import everything
from quart_popovers.accounts.queries.people import Viewer
from quart_popovers.database import Database
from quart_popovers.models import Base, User
from quart_popovers.models import SignIn as SignInRow
from tests.statements import hear_statements
from tests.visitor import Fetch, SignIn

HOSTILE = '<script>alert("1")</script>\n\u202e & 🐎 é'


async def test_a_person_gets_everything_as_a_file(sign_in: SignIn, database: Database) -> None:
    ada, bo = await sign_in("ada"), await sign_in("bo")
    await ada.post_comment(HOSTILE)
    await ada.post_comment("Second")
    await bo.post_comment("Not hers")
    async with AsyncSession(database.writer) as db, db.begin():
        await db.execute(update(User).values(about_me=HOSTILE))

    page = await ada.get("/account/export")

    content = json.loads(page.text)
    assert page.status == 200
    assert page.headers["content-type"] == "application/json; charset=utf-8"
    assert page.headers["content-disposition"] == 'attachment; filename="quart-popovers-ada.json"'
    assert page.headers["cache-control"] == "no-store"
    assert (content["username"], content["email"]) == ("ada", "ada@example.com")
    assert content["about_me"] == HOSTILE
    assert {it.name for it in fields(Viewer)} - NOT_EXPORTED <= content.keys()
    assert [comment["text"] for comment in content["comments"]] == [HOSTILE, "Second"]
    assert all(comment["said_at"].endswith("+00:00") for comment in content["comments"])
    assert len(content["sessions"]) == 1
    assert "Not hers" not in page.text
    assert "bo@example.com" not in page.text


async def test_comments_are_read_in_slices_between_which_others_have_their_turn(
    sign_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everything, "SLICE", 2)
    ada = await sign_in("ada")
    said = [f"Comment {n}" for n in range(5)]
    for text in said:
        await ada.post_comment(text)

    with hear_statements(database) as sent:
        page = await ada.get("/account/export")

    assert [comment["text"] for comment in json.loads(page.text)["comments"]] == said
    assert len([it for it in sent if "FROM posts" in it]) == 3


async def test_no_secret_is_in_it(sign_in: SignIn, fetch: Fetch) -> None:
    ada = await sign_in("ada")

    page = await ada.get("/account/export")

    [[password_hash]] = await fetch(select(User.password_hash))
    [[token_hash]] = await fetch(select(SignInRow.token_hash))
    assert password_hash not in page.text
    assert token_hash not in page.text


def test_nothing_that_is_kept_of_a_person_is_left_out() -> None:
    """A new column about people is a field of `Profile`, or has its place in `left_out`."""
    of_people = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name == "users"
        or any(key.column.table.name == "users" for key in table.foreign_keys)
        for column in table.columns
    }
    exported = {
        *(f"users.{it.name}" for it in fields(Viewer) if it.name not in NOT_EXPORTED),
        *(f"posts.{it}" for it in ("body", "timestamp")),
        *(f"sign_ins.{it}" for it in ("user_agent", "created_at", "last_seen")),
    }
    # Keys and marks of the site's own, and secrets.
    left_out = {
        *(f"users.{it}" for it in ("id", "password_hash")),
        *(f"posts.{it}" for it in ("id", "user_id", "submission")),
        *(f"sign_ins.{it}" for it in ("token_hash", "user_id")),
    }
    assert of_people == exported | left_out
