"""Work on people's text is bounded: linear in its length, and short for the longest there is.

What is tried is found by walking the package: a form, field, filter, function or model that is
added later is tried too.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any, get_type_hints

import pytest
import regex
from jinja2.filters import FILTERS
from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings
from quart import Quart
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

import quart_popovers
from quart_popovers import create_app
from quart_popovers.services import services
from quart_popovers.settings import Settings
from quart_popovers.web.forms import CODE_POINTS_PER_CHARACTER, PageForm, largest_length
from tests.web.hostile import FRAGMENTS, complaint

pytestmark = pytest.mark.usefixtures("untraced")

# What only the operator writes: settings, addresses of databases, programs of the command line.
OPERATORS = ("settings", "database", "backup", "shell", "demo", "web.rate_limits.open_storage")

# More than a form of 64 KiB can carry.
LARGEST_BODY = 64 * 1024


def name_of(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}".removeprefix("quart_popovers.")


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(quart_popovers.__path__, "quart_popovers."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def defined(kind: Callable[[Any], bool]) -> list[Any]:
    """All of this kind that the package itself defines, but for what only operators use."""
    found = {
        name_of(it): it
        for module in modules()
        for it in vars(module).values()
        if getattr(it, "__module__", None) == module.__name__ and kind(it)
    }
    return [it for name, it in sorted(found.items()) if not name.startswith(OPERATORS)]


def takes_only_text(thing: Any) -> bool:
    """Whether this is a function that needs nothing but text, or bytes."""
    function = inspect.unwrap(thing) if callable(thing) else None
    if not inspect.isfunction(function) or inspect.iscoroutinefunction(function):
        return False
    hints, parameters = get_type_hints(function), inspect.signature(function).parameters.values()
    needed = [hints.get(it.name) for it in parameters if it.default is it.empty]
    return bool(needed) and all(it in {str, bytes, str | None} for it in needed)


def call_with(function: Any) -> Callable[[str], None]:
    """Call with the same text for each parameter; to refuse it is fine."""
    function = inspect.unwrap(function)  # past what remembers
    hints, parameters = get_type_hints(function), inspect.signature(function).parameters.values()
    kinds = [hints[it.name] for it in parameters if it.default is it.empty]

    def call(text: str) -> None:
        given = [text.encode("utf-8", "replace") if kind is bytes else text for kind in kinds]
        with suppress(HTTPException, ValueError):
            result = function(*given)
            if isinstance(result, Generator):
                list(result)

    return call


def is_a(base: type) -> Callable[[Any], bool]:
    return lambda it: inspect.isclass(it) and issubclass(it, base)


FUNCTIONS = defined(takes_only_text)
FORMS = defined(is_a(PageForm))
FIELDS = [(form, field.name) for form in FORMS if form is not PageForm for field in form()]
LONGEST = CODE_POINTS_PER_CHARACTER * max(
    largest_length(field) for form in FORMS for field in form()
)


def complaints(work: Callable[[str], object], length: int) -> list[str]:
    found = (complaint(work, fragment, length) for fragment in FRAGMENTS)
    return [it for it in found if it]


def test_the_walk_finds_what_is_known() -> None:
    names = {name_of(it) for it in [*FUNCTIONS, *FORMS]}

    assert names >= {
        "accounts.forms.RegisterForm",
        "feed.forms.PostForm",
        "web.forms.normalise_text",
        "web.links.find_links",
        "web.redirects.is_path_of_this_site",
        "web.text.with_links",
        "web.well_formed.is_host",
        "web.well_formed.read_fields",
    }


@pytest.fixture(scope="module")
def app() -> Quart:
    """The app without a database, which none of this asks."""
    return create_app(Settings(_env_file=None, secret_key="k" * 32, database_url="sqlite:///none"))


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
async def test_a_function_of_text_is_linear(app: Quart, function: Any) -> None:
    async with app.test_request_context("/"):
        assert complaints(call_with(function), LONGEST) == []


@pytest.mark.parametrize(("form", "field"), FIELDS, ids=lambda it: getattr(it, "__name__", it))
def test_a_field_of_the_longest_text_that_is_processed_is_judged_soon(
    form: type[PageForm], field: str
) -> None:
    length = largest_length(form()[field]) * CODE_POINTS_PER_CHARACTER

    assert complaints(lambda text: form(MultiDict({field: text})).validate(), length) == []


@pytest.mark.parametrize(("form", "field"), FIELDS, ids=lambda it: getattr(it, "__name__", it))
def test_a_field_of_the_largest_body_is_judged_soon(form: type[PageForm], field: str) -> None:
    def judge(text: str) -> None:
        form(MultiDict({field: text})).validate()

    assert complaints(judge, LARGEST_BODY) == []


def test_a_template_filter_of_text_is_linear(app: Quart) -> None:
    ours = {
        name: function
        for name, function in services(app).pages.environment.filters.items()
        if name not in FILTERS and takes_only_text(function)
    }

    assert "with_links" in ours
    for name, function in ours.items():
        assert complaints(call_with(function), LONGEST) == [], name


@pytest.mark.parametrize(
    "model",
    [it for it in defined(is_a(BaseModel)) if not issubclass(it, BaseSettings)],
    ids=name_of,
)
def test_a_model_of_a_query_is_judged_soon(model: type[BaseModel]) -> None:
    def judge(text: str) -> None:
        for field in model.model_fields:
            with suppress(ValidationError):
                model(**{field: text})

    assert complaints(judge, LONGEST) == []


@pytest.mark.parametrize("converter", defined(is_a(BaseConverter)), ids=name_of)
def test_a_part_of_a_path_is_matched_soon(converter: type[BaseConverter]) -> None:
    assert complaints(regex.compile(converter.regex).fullmatch, LONGEST) == []
