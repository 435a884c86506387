"""`docs/extending.md` names files that exist, and all that a new field of a person touches."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from quart_popovers.people import Person, Profile

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "quart_popovers"
GUIDE = (ROOT / "docs/extending.md").read_text()
NAMED = re.findall(r"`((?:quart_popovers|alembic|tests)/[^`]*)`", GUIDE)

OF_PROFILES_ONLY = {it.name for it in fields(Profile)} - {it.name for it in fields(Person)}


@pytest.mark.parametrize("name", sorted(set(NAMED)))
def test_every_file_of_the_guide_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize(
    "name",
    ["models.py", "people.py", "accounts/forms.py"]
    + [f"templates/{it}.html" for it in ("profiles/show", "hovercards/_card")]
    + ["templates/accounts/edit_profile.html"],
)
def test_the_guide_names_every_file_in_which_a_field_stands(name: str) -> None:
    assert f"quart_popovers/{name}" in NAMED
    assert "about_me" in (PACKAGE / name).read_text()


def test_no_other_file_of_the_site_names_a_field_of_profiles() -> None:
    naming = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".html"} and "about_me" in path.read_text()
    }

    in_the_guide = {name.removeprefix("quart_popovers/") for name in NAMED}
    assert naming - in_the_guide == {"demo/content.py"}  # has people with a text about themselves


def test_the_columns_of_a_profile_are_listed_in_one_place() -> None:
    lists = {}
    for path in PACKAGE.rglob("*.py"):
        columns = {
            node.attr
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "User"
        }
        lists[path.relative_to(PACKAGE).as_posix()] = columns & OF_PROFILES_ONLY

    assert [name for name, columns in lists.items() if len(columns) > 1] == ["people.py"]
