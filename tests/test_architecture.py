"""The rules of the layout: where SQL lives, who may import whom, how long a file may be."""

import ast
import gzip
import subprocess
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from quart_popovers.settings import Settings

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "quart_popovers"
MODULES = sorted(PACKAGE.rglob("*.py"))
# A feature's `queries.py`; a large feature has a folder of this name.
QUERIES = [it for it in MODULES if it.name == "queries.py" or it.parent.name == "queries"]

LONGEST_FILE_LINES = 300
SCRIPT_BUDGET_BYTES = 6 * 1024  # compressed; every page loads them

STATEMENTS = {"select", "insert", "update", "delete", "text", "union", "union_all"}
# Tables and engines themselves, and programs that no visitor reaches.
SQL_ALSO_IN = {"models.py", "health.py", "shell.py", "demo/content.py"}

# What a feature may lean on besides features; none of these imports a feature.
FOUNDATIONS = {"models", "people", "database", "services", "settings", "web"}
WIRING = {"__init__.py"}
VERBS = ("select_", "insert_", "update_", "delete_")

# Addresses of package registries, in parts, so that this file holds none of them.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("proxy", "golang", "org"),
        ("crates", "io"),
        ("deb", "debian", "org"),
    )
]


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def nodes_that_run(path: Path) -> Iterator[ast.AST]:
    """All nodes but those under `if TYPE_CHECKING:`, which only name the types of annotations."""
    waiting: list[ast.AST] = [ast.parse(path.read_text())]
    while waiting:
        node = waiting.pop()
        if not is_for_the_type_checker(node):
            yield node
            waiting += ast.iter_child_nodes(node)


def is_for_the_type_checker(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imports_of(path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of module and name, relative imports made absolute."""
    package = ["quart_popovers", *path.relative_to(PACKAGE).parent.parts]
    for node in nodes_that_run(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names)


def rooms_imported_by(path: Path) -> set[str]:
    """The first names below the package: features, foundations, or single files."""
    found = set()
    for module, name in imports_of(path):
        _, is_ours, rest = f"{module}.{name}".partition("quart_popovers.")
        if is_ours:
            found.add(rest.split(".")[0])
    return found


def room_of(path: Path) -> str:
    return name_of(path).removesuffix(".py").split("/")[0]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_statements_are_made_only_in_queries(path: Path) -> None:
    made = {name for module, name in imports_of(path) if module == "sqlalchemy"} & STATEMENTS

    assert not made or path in QUERIES or name_of(path) in SQL_ALSO_IN


@pytest.mark.parametrize("path", QUERIES, ids=name_of)
def test_queries_say_by_their_name_what_they_do(path: Path) -> None:
    functions = [
        it for it in ast.parse(path.read_text()).body if isinstance(it, ast.AsyncFunctionDef)
    ]

    assert [it.name for it in functions if not it.name.startswith(VERBS)] == []


def test_features_lean_on_one_another_one_way_only() -> None:
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        if name_of(path) not in WIRING:
            room = room_of(path)
            graph.setdefault(room, set()).update(rooms_imported_by(path) - {room, ""})

    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_foundations_know_no_feature(path: Path) -> None:
    if room_of(path) not in FOUNDATIONS:
        return

    assert rooms_imported_by(path) <= FOUNDATIONS


def test_only_the_services_name_types_that_they_do_not_import() -> None:
    """Everywhere else such an import would hide a dependency from the rules above."""
    hiding = [
        name_of(path)
        for path in MODULES
        if any(map(is_for_the_type_checker, ast.walk(ast.parse(path.read_text()))))
    ]

    assert hiding == ["services.py"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nobody_but_entry_points_imports_the_factory(path: Path) -> None:
    assert ("quart_popovers", "create_app") not in set(imports_of(path))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("forms.py")), ids=name_of)
def test_forms_know_no_database(path: Path) -> None:
    modules = {module for module, _ in imports_of(path)}

    assert not any(it.startswith("sqlalchemy") for it in modules)
    assert not rooms_imported_by(path) & {"database", "models"}


def test_no_file_is_longer_than_a_room() -> None:
    sources = [
        ROOT / name
        for name in committed()
        if name.endswith((".py", ".js", ".mjs", ".html")) and not name.endswith(".min.js")
    ]
    lengths = {
        path: sum(bool(it.strip()) for it in path.read_text().splitlines()) for path in sources
    }

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE_LINES} == {}


def test_no_module_takes_the_place_of_alembic() -> None:
    assert list((ROOT / "alembic").rglob("__init__.py")) == []


def test_the_scripts_of_a_page_stay_within_their_budget() -> None:
    served = PACKAGE / "static/hovercard/hovercard.min.js"

    assert len(gzip.compress(served.read_bytes(), 9)) <= SCRIPT_BUDGET_BYTES


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_the_readme(name: str) -> None:
    rows = [line.split("|")[1].strip(" `") for line in readme() if line.startswith("|")]

    assert name in rows


def readme() -> list[str]:
    return (ROOT / "README.md").read_text().splitlines()


def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = listed.stdout.split("\0")[:-1]
    return [name for name in names if (ROOT / name).is_file()]


def test_no_committed_file_names_a_registry() -> None:
    named = [
        (name, registry)
        for name in committed()
        for registry in REGISTRIES
        if registry.encode() in (ROOT / name).read_bytes()
    ]

    assert named == []
