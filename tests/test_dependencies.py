"""What the project is built on: pinned by hash, under terms that are known."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
PIN = re.compile(r"^([a-z0-9.-]+)==\S+.*\\$", re.MULTILINE)


def test_there_is_a_lock_for_running_testing_and_auditing() -> None:
    assert {"requirements.lock", "requirements-dev.lock", "requirements-audit.lock"} <= set(LOCKS)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_hash(lock: str) -> None:
    content = (ROOT / lock).read_text()
    entries = re.split(r"(?m)^(?=\S)", content)[1:] or [content]

    assert PIN.findall(content)
    for entry in entries:
        assert PIN.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_every_npm_package_is_pinned_by_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    declared = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    entries = {path: entry for path, entry in lock["packages"].items() if path}

    assert all(re.fullmatch(r"[0-9.]+", version) for version in declared.values())
    assert {f"node_modules/{name}" for name in declared} <= set(entries)
    assert [path for path, it in entries.items() if "sha512-" not in it["integrity"]] == []


def test_the_licence_of_everything_that_the_site_runs_on_is_listed() -> None:
    """`make licences` writes the list anew."""
    rows = re.findall(
        r"^\| ([a-z0-9.-]+) \| \S+ \| (.+?) \|",
        (ROOT / "docs/licences.md").read_text(),
        re.MULTILINE,
    )
    listed = {name: licence for name, licence in rows if name not in {"package", "---"}}

    assert set(listed) == set(PIN.findall((ROOT / "requirements.lock").read_text()))
    assert not [name for name, licence in listed.items() if licence in {"unknown", "None", ""}]
    # Terms that would bind a site that is changed and served to others.
    assert not [name for name, licence in listed.items() if "GPL" in licence or "GNU" in licence]


def test_the_audit_is_a_command_and_checks_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text()

    assert re.search(r"pip-audit --strict --require-hashes .*-r requirements\.lock", makefile)
