"""The database: engines, `reading()` and `writing()`, and the error `DatabaseAway`."""

from .conversion import RowConverter
from .driver import fetch_rows
from .engines import Database, async_url, open_database
from .errors import DatabaseAway, violates
from .lists import is_one_of
from .patience import PATIENCE_S, within_patience
from .read import Read
from .sessions import reading, writing

__all__ = [
    "PATIENCE_S",
    "Database",
    "DatabaseAway",
    "Read",
    "RowConverter",
    "async_url",
    "fetch_rows",
    "is_one_of",
    "open_database",
    "reading",
    "violates",
    "within_patience",
    "writing",
]
