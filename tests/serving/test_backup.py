"""A backup taken while people post is a database that a site can be served from."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from quart_popovers.backup import BackupFailed, back_up
from tests.serving import sqlite_file
from tests.serving.people import PEOPLE
from tests.serving.posters import Poster, count_comments, sign_in_posters
from tests.serving.server import Server


async def test_a_backup_while_people_post_restores_what_was_answered_before(
    sqlite_url: str, tmp_path: Path
) -> None:
    source, copy = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backups" / "copy.db"
    done = asyncio.Event()

    async def post_on(poster: Poster) -> None:
        while not done.is_set():
            await poster.post()

    async with Server(sqlite_url, tmp_path) as server:
        posters = await sign_in_posters(server.browser(), PEOPLE, 8)
        answered = posters[0].record.answered
        load = [asyncio.create_task(post_on(poster)) for poster in posters]
        while len(answered) < 50:
            await asyncio.sleep(0.01)
        before = set(answered)
        await asyncio.to_thread(back_up, source, copy)
        while len(answered) < len(before) + 50:
            await asyncio.sleep(0.01)
        done.set()
        await asyncio.gather(*load)

    restored_url = f"sqlite:///{copy}"
    restored = await count_comments(restored_url)
    assert before <= set(restored) <= set(await count_comments(sqlite_url))
    assert posters[0].record.wrong == []
    assert sqlite_file.read(restored_url, "PRAGMA integrity_check") == [("ok",)]
    counted = "SELECT sum(post_count) FROM users"
    assert sqlite_file.read(restored_url, counted) == [(restored.total(),)]
    async with Server(restored_url, tmp_path) as server:
        await server.browser().sign_in("ada")


def test_a_backup_is_one_file_for_its_owner_only(sqlite_url: str, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "copy.db"

    back_up(Path(sqlite_url.removeprefix("sqlite:///")), target)

    assert list(target.parent.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_backup_overwrites_nothing(sqlite_url: str, tmp_path: Path) -> None:
    target = tmp_path / "precious.db"
    target.write_text("precious")

    with pytest.raises(BackupFailed, match="was not changed"):
        back_up(Path(sqlite_url.removeprefix("sqlite:///")), target)

    assert target.read_text() == "precious"


def test_a_damaged_or_missing_database_is_no_backup(sqlite_url: str, tmp_path: Path) -> None:
    source, target = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy.db"
    with sqlite3.connect(source) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    content = bytearray(source.read_bytes())
    content[4096 : 4096 * 4] = os.urandom(4096 * 3)
    source.write_bytes(content)

    with pytest.raises(BackupFailed):
        back_up(source, target)
    with pytest.raises(BackupFailed, match="no database"):
        back_up(tmp_path / "nothing.db", target)

    assert not target.exists()


def test_the_command_backs_up_the_database_of_the_setting(sqlite_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "quart_popovers.backup", str(tmp_path / "copy.db")]

    backed_up = subprocess.run(
        command, env=os.environ | {"DATABASE_URL": sqlite_url}, check=True, capture_output=True
    )
    refused = subprocess.run(
        command,
        env=os.environ | {"DATABASE_URL": "postgresql://somewhere/site"},
        check=False,
        capture_output=True,
    )

    assert backed_up.stdout.decode().strip() == str(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").exists()
    assert refused.returncode == 1
    assert b"pg_dump" in refused.stderr


async def test_pg_dump_and_pg_restore_as_documented(
    postgresql_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    postgresql = request.getfixturevalue("postgresql")
    dump = str(tmp_path / "site.dump")

    await postgresql.run("pg_dump", "--format=custom", f"--file={dump}", postgresql_url)
    await postgresql.run("createdb", "restored")
    restored_url = postgresql.url("restored")
    await postgresql.run("pg_restore", "--no-owner", f"--dbname={restored_url}", dump)

    async with Server(restored_url, tmp_path) as server:
        await server.browser().sign_in("ada")
