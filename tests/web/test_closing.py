"""How a worker stops; real stops are in tests/serving/test_closing.py."""

import asyncio
import signal
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event as SharedEvent

import pytest
from quart import Quart

from quart_popovers.services import services
from quart_popovers.web import closing as module
from quart_popovers.web.closing import finish_late_connections, on_sigterm


async def test_a_connection_that_was_accepted_while_closing_is_answered() -> None:
    answers = []

    async def _server_callback() -> None:
        await asyncio.sleep(0)
        answers.append("answered")

    connection = asyncio.create_task(_server_callback())
    await finish_late_connections()

    assert answers == ["answered"]
    assert connection.done()


async def test_closing_is_set_at_the_end_under_any_server(app: Quart) -> None:
    closing = services(app).closing
    was_set = closing.is_set()

    await app.shutdown()

    assert not was_set
    assert closing.is_set()


class MainProcess:
    """Stands for Hypercorn's, and writes down which signals it got."""

    pid = 4711

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.signals: list[tuple[int, int]] = []
        assert parent_process() is None
        monkeypatch.setattr(module, "parent_process", lambda: self)
        monkeypatch.setattr("os.kill", lambda *sent: self.signals.append(sent))
        monkeypatch.setattr(module, "SIGNAL_DELAY_S", 0)


async def sigterm(stopping: SharedEvent, *, before_it_asks: bool) -> asyncio.Event:
    """Let a worker get the signal; the stop may begin before it asks for one."""
    closing = asyncio.Event()
    on_sigterm(closing, stopping)
    if before_it_asks:
        stopping.set()
    asked = asyncio.Event()
    asyncio.get_running_loop().call_later(0.001, asked.set)
    await asked.wait()
    return closing


async def test_a_worker_that_alone_is_told_to_stop_asks_for_a_stop_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main = MainProcess(monkeypatch)

    closing = await sigterm(get_context("spawn").Event(), before_it_asks=False)

    assert main.signals == [(main.pid, signal.SIGTERM)]
    assert closing.is_set()


async def test_a_stop_of_the_whole_group_signals_the_main_process_no_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hypercorn's handler takes a lock that its main process, interrupted, may hold already."""
    main = MainProcess(monkeypatch)

    closing = await sigterm(get_context("spawn").Event(), before_it_asks=True)

    assert main.signals == []
    assert closing.is_set()
