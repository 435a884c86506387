"""`make backup`: copies the SQLite database, also while the site writes to it.

`python -m quart_popovers.backup [FILE]` copies the database of `DATABASE_URL`, or the demo's, by
SQLite's online backup (https://sqlite.org/backup.html) and checks the copy. A plain copy of the
file would miss what is still in the write-ahead log, or hold half of a write.
"""

import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from .demo.__main__ import DEMO_URL, ROOT
from .settings import DatabaseSettings, read_settings

USE_PG_DUMP = """This database is PostgreSQL, which has its own programs:
  pg_dump --format=custom --file=FILE "$DATABASE_URL"      and to restore into an empty database:
  pg_restore --no-owner --dbname="$DATABASE_URL" FILE"""


class BackupFailed(Exception):
    """No backup was made; the message tells the operator why."""


def back_up(source: Path, target: Path) -> None:
    """Copy a database into a new file, completely or not at all. Raises BackupFailed."""
    if not source.exists():
        raise BackupFailed(f"There is no database at {source}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.unfinished-{os.getpid()}")
    try:
        unfinished.touch(mode=0o600)  # it holds everybody's address
        _copy(source, unfinished)
        # Unlike renaming, linking never replaces another file.
        os.link(unfinished, target)
    except FileExistsError:
        raise BackupFailed(f"{target} exists already and was not changed.") from None
    except sqlite3.Error as error:
        raise BackupFailed(f"{source} could not be copied: {error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    from_url, to_url = f"{source.resolve().as_uri()}?mode=ro", target.resolve().as_uri()
    with (
        closing(sqlite3.connect(from_url, uri=True)) as site,
        closing(sqlite3.connect(to_url, uri=True)) as copy,
    ):
        # All pages in one step: a snapshot of one moment. Writers are not blocked (WAL).
        site.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise BackupFailed(f"{source} is damaged: {verdict}.")


def main() -> None:
    settings = read_settings(DatabaseSettings)
    is_given = "database_url" in settings.model_fields_set
    url = make_url(settings.database_url if is_given else DEMO_URL)
    if url.get_backend_name() != "sqlite":
        raise SystemExit(USE_PG_DUMP)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    target = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "instance" / "backups" / f"{now}.db"
    try:
        back_up(Path(url.database or ""), target)
    except BackupFailed as error:
        raise SystemExit(str(error)) from None
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    main()
