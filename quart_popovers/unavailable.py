"""Tells a database that is away, full, locked or slow from a mistake of ours."""

import sqlite3

import asyncpg
from jinja2 import TemplateNotFound
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# Everything that a database, its drivers or the network to it can raise. The loader of the hover
# cards uses the drivers themselves, and so raises what they raise.
DATABASE_ERRORS = (
    DBAPIError,
    PoolTimeout,
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,  # and TimeoutError, which is one
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
    "08",  # the connection
    "25006",  # read only: a standby answers, or an operator protects what is left
    "28",  # it does not let us in: a password or address that the operator has to mend
    "3D000",  # the database of this name is not there
    "40",  # of two transactions in each other's way, this one had to give up
    "53",  # disk full, too many connections
    "55P03",  # locked
    "57",  # being stopped or started, or a query that was cancelled
    "58",  # the system below it
)


def is_unavailable(error: Exception) -> bool:
    """Whether asking again later can help: the same words would then have an answer."""
    driver = error.driver_exception if isinstance(error, DBAPIError) else error
    if isinstance(driver, sqlite3.Error):
        # The upper bits say more closely what it was.
        code = getattr(driver, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & 0xFF in SQLITE_AWAY
    if isinstance(driver, asyncpg.PostgresError):
        return (driver.sqlstate or "").startswith(POSTGRESQL_AWAY)
    if isinstance(driver, asyncpg.InternalClientError):
        return True  # the connection was lost at an instant at which asyncpg was not ready for it
    if isinstance(driver, asyncpg.InterfaceError):
        return not isinstance(driver, ValueError)  # a value that the driver cannot send
    return isinstance(driver, (PoolTimeout, OSError)) and not isinstance(driver, TemplateNotFound)
