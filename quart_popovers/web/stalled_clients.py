"""Aborts connections whose clients have stopped reading."""

import asyncio

from .hypercorn_internals import connections

# A connection is aborted at the second look at which nothing more was read, after 10 s at the
# latest: before `graceful_timeout` (hypercorn.toml), so that a stop need not wait for it.
LOOK_EVERY_S = 5


class StalledClients:
    """Remembers how much each connection had to send, and aborts those that made no progress.

    Neither Quart's RESPONSE_TIMEOUT nor Hypercorn 0.18 ends such a connection: Hypercorn waits
    until the last byte is sent, for ever, also after `graceful_timeout`, so that one client which
    asks for much and reads nothing keeps the server from stopping.
    """

    def __init__(self) -> None:
        self._unsent: dict[asyncio.WriteTransport, int] = {}

    async def abort(self) -> None:
        """Look at all connections of this worker; does not wait for anything."""
        unsent = {it: size for it in connections() if (size := it.get_write_buffer_size())}
        for connection, size in unsent.items():
            if self._unsent.get(connection) == size:
                connection.abort()
        self._unsent = unsent
