"""`make run`, as the program behind it, with a database of one's own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from quart_popovers.database import open_database
from quart_popovers.models import User
from tests.serving.server import free_port
from tests.subprocesses import ROOT

pytestmark = pytest.mark.programs

ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


class Demo:
    """The program, at a port of its own, in a folder whose `.env` counts."""

    def __init__(self, cwd: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "quart_popovers.demo", str(free_port())],
            cwd=cwd,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.output = ""

    def wait_until_it_serves(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.output += line
            if "Running on" in line:
                return
        pytest.fail(self.output)

    def press_ctrl_c(self) -> None:
        """As a terminal does it: everything that runs in the foreground hears of it."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    (tmp_path / ".env").write_text(f"DATABASE_URL=sqlite:///{tmp_path}/own.db\n")
    demo = Demo(tmp_path)
    yield demo
    demo.press_ctrl_c()


async def test_a_database_of_ones_own_is_migrated_and_gets_no_demo(
    demo: Demo, tmp_path: Path
) -> None:
    demo.wait_until_it_serves()

    database = open_database(f"sqlite:///{tmp_path}/own.db")
    async with AsyncSession(database.reader) as db:
        people = await db.scalar(select(func.count()).select_from(User))
    await database.dispose()
    assert people == 0
    assert "Quart Popovers: http://127.0.0.1:" in demo.output
    assert "Sign in as" not in demo.output
