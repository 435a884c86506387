"""`quart shell`: a Python prompt with the models and a session, where `await` works."""

import ast
import asyncio
import code
import inspect
from types import CodeType

import sqlalchemy
from quart import Quart
from sqlalchemy.ext.asyncio import AsyncSession

from . import models
from .database import Database

BANNER = """Quart Popovers. At hand: db (an AsyncSession), the models, select, func, app.
>>> await db.scalar(select(func.count()).select_from(User))"""


class AwaitingConsole(code.InteractiveConsole):
    """A prompt that runs statements with `await` in them."""

    def __init__(self, names: dict[str, object], runner: asyncio.Runner) -> None:
        super().__init__(names)
        self._runner = runner
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def runcode(self, code: CodeType) -> None:
        try:
            result = eval(code, self.locals)  # noqa: S307 (what a prompt is for)
            if inspect.iscoroutine(result):
                self._runner.run(result)
        except SystemExit:
            raise
        except BaseException:
            self.showtraceback()


def shell_names(app: Quart, db: AsyncSession) -> dict[str, object]:
    tables = {mapper.class_.__name__: mapper.class_ for mapper in models.Base.registry.mappers}
    return {"app": app, "db": db, "select": sqlalchemy.select, "func": sqlalchemy.func} | tables


def add_shell(app: Quart) -> None:
    """Replace Quart's shell, whose prompt cannot await and so cannot use our sessions."""

    @app.cli.command("shell")
    def shell() -> None:
        """Open a Python prompt with the models and a session; `await` works."""
        database: Database = app.extensions["database"]
        with asyncio.Runner() as runner:
            db = AsyncSession(database.writer)
            try:
                AwaitingConsole(shell_names(app, db), runner).interact(BANNER, "")
            finally:
                runner.run(db.close())
                runner.run(database.dispose())
