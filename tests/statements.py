"""Hear every statement on its way to the database, whoever sends it and by whatever way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.util import await_only

from quart_popovers.database import Database

# What a transaction or a connection is kept in order with.
HOUSEKEEPING = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", ";")


@contextmanager
def hear_statements(database: Database) -> Iterator[list[str]]:
    """A list that grows by each statement, without housekeeping."""
    sent: list[str] = []

    def note(statement: str) -> None:
        if not statement.startswith(HOUSEKEEPING):
            sent.append(statement)

    def note_from_engine(
        _connection: object, _cursor: object, statement: str, *_rest: object
    ) -> None:
        note(statement)

    def listen_to_driver(connection: Any, *_rest: object) -> None:
        # Hovers speak to the driver itself, which the engine does not hear of.
        driver = connection.driver_connection
        if is_sqlite:
            await_only(driver.set_trace_callback(note))
        else:
            driver.add_query_logger(note_record)

    def note_record(record: Any) -> None:
        note(record.query)

    is_sqlite = database.writer.dialect.name == "sqlite"
    pools = {database.reader.sync_engine.pool, database.writer.sync_engine.pool}
    for pool in pools:
        event.listen(pool, "checkout", listen_to_driver)
    engines = [] if is_sqlite else [database.reader.sync_engine, database.writer.sync_engine]
    for engine in engines:  # SQLite's driver reports these, too
        event.listen(engine, "before_cursor_execute", note_from_engine)
    yield sent
    for pool in pools:
        event.remove(pool, "checkout", listen_to_driver)
