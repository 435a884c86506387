"""Waiting for the database is bounded in number, too."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from quart import Quart
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.database import DatabaseAway, admission, reading, writing
from tests.visitor import SignIn

Verb = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@pytest.mark.parametrize("verb", [reading, writing])
async def test_a_request_too_many_is_refused_at_once_and_the_next_one_let_in(
    app: Quart, monkeypatch: pytest.MonkeyPatch, verb: Verb
) -> None:
    monkeypatch.setattr(admission, "MOST_AT_ONCE", 3)
    may_leave = asyncio.Event()
    entered = asyncio.Semaphore(0)

    async def stay() -> None:
        async with verb():
            entered.release()
            await may_leave.wait()

    async with app.app_context():
        staying = [asyncio.create_task(stay()) for _ in range(3)]
        for _ in staying:
            await entered.acquire()
        with pytest.raises(DatabaseAway, match="3 requests wait"):
            async with verb():
                pass
        may_leave.set()
        await asyncio.gather(*staying)

        async with verb():
            pass


async def test_a_refused_request_gets_a_503_that_says_when_to_come_back(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await sign_in("ada")
    monkeypatch.setattr(admission, "MOST_AT_ONCE", 0)

    page = await ada.get("/")

    assert page.status == 503
    assert int(page.headers["retry-after"]) > 0


async def test_writers_do_not_take_places_of_readers(
    app: Quart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "MOST_AT_ONCE", 1)

    async with app.app_context(), writing(), reading():
        pass
