"""A list of any length as one parameter of a statement."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    Text,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class ValueList(TypeDecorator[Collection[Any]]):
    """An array on PostgreSQL; on SQLite, which has none, JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, item_type: TypeEngine[Any]) -> None:
        super().__init__()
        self.item_type = item_type

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else ARRAY(self.item_type)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values


class IsOneOf(FunctionElement[bool]):
    """The condition made by `is_one_of`.

    It has no type: of a Boolean SQLAlchemy would make `… = 1` on SQLite, which uses no index.
    """

    inherit_cache = True


def is_one_of(
    column: ColumnElement[Any] | QueryableAttribute[Any],
    values: Collection[Any],
) -> ColumnElement[bool]:
    """Whether the column's value is in this list.

    `column.in_(values)` sends each value as a parameter of its own: PostgreSQL takes 32,767 of
    them in one statement, and each length of the list is another statement to prepare.
    """
    return IsOneOf(column, bindparam(None, values, type_=ValueList(column.expression.type)))


@compiles(IsOneOf, "sqlite")
def _in_json(element: IsOneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (no values, only their names)


@compiles(IsOneOf, "postgresql")
def _in_array(element: IsOneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY({values})"
