"""What several workers say about limits that they do not count together."""

from pathlib import Path

import pytest

from tests.serving.server import Server


@pytest.mark.parametrize(("workers", "warnings"), [(1, 0), (2, 2)])
async def test_workers_without_redis_say_that_each_counts_by_itself(
    sqlite_url: str, tmp_path: Path, workers: int, warnings: int
) -> None:
    limited = {"RATE_LIMITS": "true"}
    async with Server(sqlite_url, tmp_path, workers=workers, settings=limited) as server:
        log = server.log

    assert log.count(f"Each of {workers} workers counts rate limits by itself") == warnings
