"""Background work goes on after an error."""

import asyncio
import logging

import pytest

from quart_popovers.web.background import repeating


async def test_work_that_fails_is_logged_and_done_again(caplog: pytest.LogCaptureFixture) -> None:
    done = asyncio.Event()
    times = 0

    async def work() -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise ValueError("the first time")
        done.set()

    with caplog.at_level(logging.ERROR):
        async with asyncio.timeout(30), repeating(work, 0):
            await done.wait()

    assert "Background work failed" in caplog.text
    assert "ValueError: the first time" in caplog.text


async def test_work_ends_with_its_block() -> None:
    started, is_cancelled = asyncio.Event(), False

    async def work() -> None:
        nonlocal is_cancelled
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            is_cancelled = True
            raise

    async with asyncio.timeout(30), repeating(work, 0):
        await started.wait()

    assert is_cancelled
