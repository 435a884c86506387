"""The queue for password hashing: pauses, bound and priority."""

import asyncio
import threading
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from quart_popovers.accounts import hashing_queue as module
from quart_popovers.accounts import passwords
from quart_popovers.accounts.hashing_queue import HashingBusy, HashingQueue
from quart_popovers.accounts.passwords import HASHER
from quart_popovers.models import User
from tests.visitor import PASSWORD, Fetch, MakeUser, Page, SignIn, Visitor


class Clock:
    """Time that passes only when somebody works or sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 1000.0
        self.naps_s: list[float] = []
        monkeypatch.setattr(module, "time", self)

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.naps_s.append(seconds)
        self.now_s += seconds

    def work(self, seconds: float) -> None:
        self.now_s += seconds


async def test_hashing_pauses_for_as_long_as_it_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, queue = Clock(monkeypatch), HashingQueue()

    for _ in range(3):
        await queue.run(clock.work, 2)

    assert clock.naps_s == [0, 2, 2]


async def test_a_job_after_the_pause_starts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, queue = Clock(monkeypatch), HashingQueue()

    await queue.run(clock.work, 2)
    clock.now_s += 60
    await queue.run(clock.work, 2)

    assert clock.naps_s == [0, 0]


async def test_hashing_pauses_after_a_failure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, queue = Clock(monkeypatch), HashingQueue()

    def fail(seconds: float) -> None:
        clock.work(seconds)
        raise ValueError("no hash")

    with pytest.raises(ValueError, match="no hash"):
        await queue.run(fail, 2)
    await queue.run(clock.work, 1)

    assert clock.naps_s == [0, 2]


class BusyQueue:
    """A queue whose first job waits for the test; it notes which jobs were worked on."""

    def __init__(self) -> None:
        self.queue = HashingQueue()
        self.worked_on: list[str] = []
        self._may_finish = threading.Event()

    async def begin(self) -> None:
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()

        def wait() -> None:
            loop.call_soon_threadsafe(begun.set)
            self._may_finish.wait()

        self._first = asyncio.create_task(self.queue.run(wait))
        await begun.wait()

    async def add(self, name: str, *, is_known: bool = False) -> asyncio.Task[None]:
        """A further job, which has taken its place in the queue."""
        task = asyncio.create_task(self.queue.run(self.worked_on.append, name, is_known=is_known))
        await asyncio.sleep(0)
        return task

    async def until_waiting(self, number: int) -> None:
        while len(self.queue._strangers) != number:  # noqa: ASYNC110 (it has no event for it)
            await asyncio.sleep(0)

    async def finish(self) -> None:
        self._may_finish.set()
        await self._first


@pytest.fixture
async def busy() -> AsyncIterator[BusyQueue]:
    busy = BusyQueue()
    await busy.begin()
    yield busy
    await busy.finish()


async def test_known_browsers_go_before_strangers(busy: BusyQueue) -> None:
    jobs = [await busy.add(name) for name in ("stranger 1", "stranger 2")]
    jobs += [await busy.add(name, is_known=True) for name in ("known 1", "known 2")]

    await busy.finish()
    await asyncio.gather(*jobs)

    assert busy.worked_on == ["known 1", "known 2", "stranger 1", "stranger 2"]


async def test_the_queue_is_bounded_and_a_flood_of_strangers_leaves_room_for_known_browsers(
    busy: BusyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    jobs = [await busy.add(f"stranger {n}") for n in range(3)]

    refused = await busy.add("stranger 3")
    jobs += [await busy.add(f"known {n}", is_known=True) for n in range(3)]
    refused_too = await busy.add("known 3", is_known=True)
    with pytest.raises(HashingBusy):
        await refused
    with pytest.raises(HashingBusy):
        await refused_too
    await busy.finish()
    await asyncio.gather(*jobs)

    assert len(busy.worked_on) == 6
    assert not {"stranger 3", "known 3"} & set(busy.worked_on)


async def test_an_abandoned_job_leaves_the_queue_and_is_not_worked_on(
    busy: BusyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    jobs = [await busy.add(name) for name in ("left", "stayed")]

    jobs[0].cancel()
    await asyncio.wait([jobs[0]])
    jobs[0] = await busy.add("came instead")
    await busy.finish()
    await asyncio.gather(*jobs)

    assert busy.worked_on == ["stayed", "came instead"]


async def test_a_job_that_is_abandoned_while_it_is_worked_on_holds_up_nobody() -> None:
    queue, begun, may_finish = HashingQueue(), asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def wait() -> None:
        loop.call_soon_threadsafe(begun.set)
        may_finish.wait()

    abandoned = asyncio.create_task(queue.run(wait))
    await begun.wait()
    abandoned.cancel()
    next_one = asyncio.create_task(queue.run(str, 7))
    may_finish.set()

    assert await next_one == "7"
    assert abandoned.cancelled()


def test_at_most_two_seconds_are_waited() -> None:
    """With the figures of docs/performance.md: at least 21 hashes a second, pauses included."""
    assert module.MOST_WAITING / 21 < 2


@pytest.fixture
def full_for_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the queue were full of strangers."""

    def refuse(_queue: HashingQueue, *, is_known: bool) -> None:
        if not is_known:
            raise HashingBusy()

    monkeypatch.setattr(HashingQueue, "refuse_when_full", refuse)


def wait_of(page: Page) -> int:
    assert (page.status, page.form_errors) == (
        503,
        ["The site is very busy. Please try again in 2 seconds."],
    )
    return int(page.headers["retry-after"])


@pytest.mark.usefixtures("full_for_strangers")
async def test_a_busy_site_keeps_what_was_typed_but_no_password(
    visitor: Visitor, make_user: MakeUser, fetch: Fetch
) -> None:
    await make_user("ada")

    sign_in = await visitor.sign_in("ada", remember_me="y")
    registration = await visitor.register("bo")

    assert wait_of(sign_in) == wait_of(registration) == 2
    assert sign_in.value_of("username") == "ada"
    assert '<input checked id="remember_me"' in sign_in.text
    assert registration.value_of("email") == "bo@example.com"
    assert PASSWORD not in sign_in.text + registration.text
    assert await fetch(select(User.username)) == [("ada",)]


async def test_a_signed_in_person_changes_the_password_however_busy_the_site_is(
    sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    ada = await sign_in("ada")
    request.getfixturevalue("full_for_strangers")

    page = await ada.submit(
        "/account/password",
        current_password=PASSWORD,
        password="another horse",
        confirm_password="another horse",
    )

    assert page.status == 303


async def test_a_password_whose_client_disconnects_is_not_hashed(
    visitor: Visitor, make_user: MakeUser, busy: BusyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_user("ada")
    token = (await visitor.get("/login")).csrf_token
    monkeypatch.setattr(passwords, "_queue", busy.queue)
    hashed: list[object] = []
    monkeypatch.setattr(HASHER, "verify_and_update", lambda *given: hashed.append(given))
    form = urlencode({"csrf_token": token, "username": "ada", "password": PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    async with visitor.client.request("/login", method="POST", headers=headers) as connection:
        await connection.send(form.encode())
        await connection.send_complete()
        await busy.until_waiting(1)
        await connection.disconnect()
        await busy.until_waiting(0)
    await busy.finish()

    assert hashed == []
