"""Hot reads: queries that many requests make, in one trip to the database each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Select

from ..services import services
from .conversion import RowConverter
from .driver import fetch_rows
from .patience import within_patience

Convert = Callable[[Any], Any]


class Read:
    """A query that the driver itself runs.

    SQLAlchemy compiles it once for each database, and converts its values and columns; a value
    that changes is a `bindparam` with a type. Left out are SQLAlchemy's session and cursor, which
    take five hops to aiosqlite's thread instead of one (docs/performance.md).
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    async def rows(self, **values: object) -> Sequence[tuple[Any, ...]]:
        """The rows, with the values of the statement's parameters. Raises DatabaseAway."""
        database = services().database
        compiled = self._compile(database.reader.dialect)
        with database.readers.admit():
            async with within_patience():
                found = await fetch_rows(
                    database.reader, compiled.sql, compiled.parameters_of(values)
                )
        return [tuple(compiled.convert(row)) for row in found]

    async def row(self, **values: object) -> tuple[Any, ...] | None:
        """The first row; None if there is none."""
        rows = await self.rows(**values)
        return rows[0] if rows else None

    def _compile(self, dialect: Dialect) -> "_Compiled":
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = _compile(self.statement, dialect)
        return self._compiled[dialect.name]


class _Compiled(NamedTuple):
    """A statement as one database understands it."""

    sql: str
    constants: Mapping[str, object]
    parameters: Sequence[tuple[str, Convert | None]]
    convert: RowConverter

    def parameters_of(self, values: Mapping[str, object]) -> list[object]:
        given = {**self.constants, **values}
        return [
            convert(given[name]) if convert else given[name] for name, convert in self.parameters
        ]


def _compile(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect)
    parameters = [
        (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in compiled.positiontup
    ]
    convert = RowConverter(statement.selected_columns, dialect)
    return _Compiled(str(compiled), compiled.params, parameters, convert)
