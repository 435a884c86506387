"""What a start of the site imports: each server, shell and migration pays for it."""

from pathlib import Path

from tests.subprocesses import run_python

# The list of common passwords, the parser of browsers' names, and Redis: 0.25 s together.
NEEDED_BY_FEW = {"zxcvbn", "ua_parser", "redis"}


def test_what_few_sites_or_pages_need_is_imported_at_its_first_use(tmp_path: Path) -> None:
    done = run_python("-c", "import sys, quart_popovers; print(*sys.modules)", cwd=tmp_path)

    imported = set(done.stdout.split())
    assert "quart_popovers" in imported
    assert not NEEDED_BY_FEW & imported
