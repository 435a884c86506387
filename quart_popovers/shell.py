"""`quart shell`: a Python prompt with the models and a session, where `await` works."""

import ast
import asyncio
import code
import inspect
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from threading import Thread
from types import CodeType
from typing import Any

import sqlalchemy
from quart import Quart
from sqlalchemy.ext.asyncio import AsyncSession

from . import models
from .services import services

BANNER = """Quart Popovers. At hand: db (an AsyncSession), the models, select, func, app.
>>> await db.scalar(select(func.count()).select_from(User))"""

Run = Callable[[Coroutine[Any, Any, Any]], object]


class AwaitingConsole(code.InteractiveConsole):
    """A prompt that runs statements with `await` in them."""

    def __init__(self, names: dict[str, object], run: Run) -> None:
        super().__init__(names)
        self._run = run
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def runcode(self, code: CodeType) -> None:
        try:
            result = eval(code, self.locals)  # noqa: S307 (what a prompt is for)
            if inspect.iscoroutine(result):
                self._run(result)
        except SystemExit:
            raise
        except BaseException:
            self.showtraceback()


def shell_names(app: Quart, db: AsyncSession) -> dict[str, object]:
    tables = {mapper.class_.__name__: mapper.class_ for mapper in models.Base.registry.mappers}
    return {"app": app, "db": db, "select": sqlalchemy.select, "func": sqlalchemy.func} | tables


@contextmanager
def event_loop_beside_us() -> Iterator[Run]:
    """An event loop in a thread: Quart's own stands still while the prompt waits for a line."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def open_prompt(app: Quart) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # Ctrl-C clears the line again
    database = services(app).database
    with event_loop_beside_us() as run:
        db = AsyncSession(database.writer)
        try:
            AwaitingConsole(shell_names(app, db), run).interact(BANNER, "")
        finally:
            run(db.close())
            run(database.dispose())


def add_shell(app: Quart) -> None:
    """Replace Quart's prompt, which cannot await and so cannot use our sessions.

    A command of our own named `shell` would never be reached: the built-in ones win. So ours
    opens when Quart asks for the names that its prompt shall know, and Quart's never does.
    """

    @app.shell_context_processor
    def open_ours_instead() -> dict[str, object]:
        open_prompt(app)
        raise SystemExit
