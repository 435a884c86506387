"""`docs/security.md` points at code and tests that are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "quart_popovers"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/security.md").read_text().splitlines()
    if re.match(r"\| \d", line)
]


def named(cell: str) -> list[tuple[str, list[str]]]:
    """Each file of a cell with the names in it: `a.py`: `one`, `two`; `b.py`."""
    files = r"`([\w/.-]+\.(?:py|toml|service|lock)|Makefile)`((?:[:,] `\w+`)*)"
    return [(file, re.findall(r"`(\w+)`", names)) for file, names in re.findall(files, cell)]


def find(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.exists() else ROOT / name


def definitions(path: Path) -> set[str]:
    """All names that a module gives to something."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1][:40]}")
def test_the_code_and_the_tests_of_a_row_exist(row: list[str]) -> None:
    _number, _holds, _against, by, held_by = row
    tests = named(held_by)

    assert any(name.startswith("tests/") for name, _names in tests)
    for name, wanted in [*named(by), *tests]:
        path = find(name)
        assert path.exists(), name
        if path.suffix == ".py":
            assert set(wanted) - definitions(path) == set(), name


def test_every_point_has_a_row_and_one_may_report_a_problem() -> None:
    assert {int(row[0]) for row in ROWS} == set(range(1, 16))
    assert "To report a problem" in (ROOT / "SECURITY.md").read_text()
    assert "SECURITY.md" in (ROOT / "docs/security.md").read_text()
