"""Looks into a site's database file from outside."""

import sqlite3
from contextlib import closing


def connect(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)


def read(url: str, query: str) -> list[tuple[object, ...]]:
    with closing(connect(url)) as db:
        return db.execute(query).fetchall()


def write(url: str, statement: str) -> None:
    with closing(connect(url)) as db, db:
        db.execute(statement)
