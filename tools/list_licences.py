"""Print `docs/licences.md`: the packages that the site runs on, with the licence of each."""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Required only by other versions of Python, so not installed here.
NOT_INSTALLED = {"async-timeout": "Apache-2.0"}

HEAD = """# Licences

The packages that the site runs on (`requirements.lock`), with the licence that each one states.
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
    """The licence in a package's metadata: an SPDX expression, a classifier or free text."""
    if package in NOT_INSTALLED:
        return NOT_INSTALLED[package]
    stated = metadata(package)
    if "License-Expression" in stated:
        return stated["License-Expression"]
    classifiers = stated.get_all("Classifier") or []
    terms = [it.split(" :: ")[-1] for it in classifiers if it.startswith("License :: OSI")]
    text = stated.get_all("License") or ["unknown"]
    return ", ".join(terms) or text[0].split("\n")[0]


def main() -> None:
    rows = [
        f"| {package} | {version} | {licence_of(package)} | {marker} |"
        for package, version, marker in pinned(ROOT / "requirements.lock")
    ]
    sys.stdout.write("\n".join([HEAD, *rows]) + "\n")


if __name__ == "__main__":
    main()
