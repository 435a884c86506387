"""The conversion of a driver's values to Python's, as SQLAlchemy's column types do it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Dialect


class RowConverter:
    """Converts the values of these columns; most columns need no conversion."""

    def __init__(self, columns: Iterable[Any], dialect: Dialect) -> None:
        self._conversions: list[tuple[int, Callable[[Any], Any]]] = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def __call__(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, convert in self._conversions:
            values[place] = convert(values[place])
        return values
