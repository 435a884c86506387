"""Drivers' errors: tells a database that is away, full, locked or slow from a bug of ours."""

import sqlite3
from typing import Self

import asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# What SQLAlchemy and the drivers raise; the loader of the hover cards calls the drivers directly.
# OSError is missing, because other code raises it, too: postgresql.py turns it into DatabaseAway
# where it connects.
DRIVER_ERRORS = (
    DBAPIError,
    PoolTimeout,
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)

# Source: https://sqlite.org/rescode.html. Not here: SQLITE_ERROR, which is a wrong statement,
# and SQLITE_CONSTRAINT.
SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}

# Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL_AWAY = (
    "08",  # connection exception
    "25006",  # read-only transaction: a standby answers, or an operator protects what is left
    "28",  # invalid authorization: a password or an address that the operator has to correct
    "3D000",  # no database of this name
    "40",  # transaction rollback: serialization failure, deadlock
    "53",  # insufficient resources: disk full, too many connections
    "55P03",  # lock not available
    "57",  # operator intervention: starting, shutting down, query cancelled
    "58",  # system error
)


class DatabaseAway(Exception):
    """The database is away, full, locked or slow: the same request may succeed later.

    Its text is one line for the log, without what people wrote.
    """

    @classmethod
    def because_of(cls, error: Exception) -> Self:
        first_line = str(error).split("\n", maxsplit=1)[0]
        return cls(f"{type(error).__name__}: {first_line}")


def is_unavailable(error: Exception) -> bool:
    """Whether the same statement may succeed later."""
    driver = error.driver_exception if isinstance(error, DBAPIError) else error
    if isinstance(driver, sqlite3.Error):
        # The upper bits of a result code say more closely what happened.
        code = getattr(driver, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & 0xFF in SQLITE_AWAY
    if isinstance(driver, asyncpg.PostgresError):
        return (driver.sqlstate or "").startswith(POSTGRESQL_AWAY)
    if isinstance(driver, asyncpg.InternalClientError):
        return True  # the connection was lost while asyncpg was in a state that expects none of it
    if isinstance(driver, asyncpg.InterfaceError):
        return not isinstance(driver, ValueError)  # a value that the driver cannot send
    return isinstance(driver, (PoolTimeout, OSError))


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether this unique index refused the row; both databases name it in the message."""
    return constraint in str(error.orig)
