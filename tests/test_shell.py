"""`quart shell`, as a person uses it: line by line."""

from pathlib import Path

import pytest

from tests.subprocesses import SECRET_KEY, run_python
from tests.visitor import MakeUser

pytestmark = pytest.mark.programs

COUNT = "print(await db.scalar(select(func.count()).select_from(User)))"


def prompt(database_url: str, cwd: Path, *lines: str) -> list[str]:
    """What the prompt answers to these lines."""
    done = run_python(
        *("-m", "quart", "--app", "quart_popovers", "shell"),
        cwd=cwd,
        given="\n".join([*lines, ""]),
        SECRET_KEY=SECRET_KEY,
        DATABASE_URL=database_url,
    )
    assert done.returncode == 0, done.stderr
    answers = [line.split(">>> ")[-1] for line in done.stdout.splitlines()]
    return [line for line in answers + done.stderr.splitlines()[2:] if line]


async def test_models_and_a_session_are_at_hand_and_await_works(
    make_user: MakeUser, database_url: str, tmp_path: Path
) -> None:
    await make_user("ada")
    await make_user("bo")

    answers = prompt(
        database_url,
        tmp_path,
        COUNT,
        "await db.scalar(select(func.count()).select_from(User))",
        "names = await db.scalars(select(User.username))",
        "sorted(names)",
        "1 + 1",
        "app.config['POSTS_PER_PAGE']",
        "from quart_popovers.database import reading",
        "reading.__name__",
    )

    assert answers == ["2", "2", "['ada', 'bo']", "2", "10", "'reading'"]


def test_a_mistake_ends_nothing(database_url: str, tmp_path: Path) -> None:
    answers = prompt(database_url, tmp_path, "await nothing", COUNT, "exit()", "print('not me')")

    assert "0" in answers
    assert "NameError: name 'nothing' is not defined" in answers
    assert "not me" not in answers
