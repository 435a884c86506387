"""The databases of the tests of serving."""

from tests.serving.conftest import sqlite_template, sqlite_url

__all__ = ["sqlite_template", "sqlite_url"]
