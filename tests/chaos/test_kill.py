"""A few rounds of `make chaos`."""

from pathlib import Path

from tests.chaos.kill import run_rounds


async def test_a_killed_server_has_every_comment_that_was_answered_once(
    sqlite_url: str, tmp_path: Path
) -> None:
    answered, unanswered = await run_rounds(sqlite_url, tmp_path, rounds=4, seed=7)

    assert answered > 4
    assert unanswered > 0  # else nothing was killed in the middle of its work
