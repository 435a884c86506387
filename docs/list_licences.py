"""Writes `licences.md`: what the site is made of besides itself, and under which terms."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Needed only by versions of Python that this may not be run with.
ELSEWHERE = {"async-timeout": "Apache-2.0"}

HEAD = """# Licences

The packages that the site runs on (`requirements.lock`), with the terms that each of them states.
None of them is copied into this repository. Written by `make licences`.

| package | version | licence | for |
| --- | --- | --- | --- |"""


def pinned(lock: Path) -> Iterator[tuple[str, str, str]]:
    """Name, version and marker of each line of a lock file."""
    for line in lock.read_text().splitlines():
        found = re.match(r"([a-z0-9.-]+)==(\S+)(?: ; ([^\\]+))? \\$", line)
        if found:
            yield found[1], found[2], (found[3] or "").strip()


def licence_of(package: str) -> str:
    """The licence that a package states: as an SPDX expression, a classifier or in words."""
    if package in ELSEWHERE:
        return ELSEWHERE[package]
    stated = metadata(package)
    if expression := stated.get("License-Expression"):
        return str(expression)
    classifiers = stated.get_all("Classifier") or []
    terms = [it.split(" :: ")[-1] for it in classifiers if it.startswith("License :: OSI")]
    return ", ".join(terms) or str(stated.get("License", "unknown")).split("\n")[0]


def main() -> None:
    rows = [
        f"| {package} | {version} | {licence_of(package)} | {marker} |"
        for package, version, marker in pinned(ROOT / "requirements.lock")
    ]
    sys.stdout.write("\n".join([HEAD, *rows]) + "\n")


if __name__ == "__main__":
    main()
