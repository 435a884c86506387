"""All that this site uses of Hypercorn beyond its documented interface.

Therefore `pyproject.toml` allows no newer minor version, and a test of this module checks what it
assumes.
"""

import asyncio
from collections.abc import Iterator
from inspect import getcoroutinelocals
from multiprocessing import current_process
from multiprocessing.synchronize import Event as SharedEvent
from typing import Any, NamedTuple, cast

import h2.events
import h11
from h2.errors import ErrorCodes
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.config import Config, Sockets
from hypercorn.events import Closed, Event
from hypercorn.protocol.h2 import H2Protocol
from hypercorn.protocol.h11 import H11Protocol
from priority.priority import PriorityError


class Worker(NamedTuple):
    """What Hypercorn's main process passes to each of its workers."""

    config: Config
    sockets: Sockets
    shutdown_event: SharedEvent


def current_worker() -> Worker | None:
    """The Hypercorn worker that this process is; None in tests and under other servers.

    Hypercorn passes these objects to the worker's function only, so they are read from the
    arguments that multiprocessing keeps.
    """
    arguments: dict[str, object] = getattr(current_process(), "_kwargs", {})
    if not isinstance(arguments.get("shutdown_event"), SharedEvent):
        return None
    return Worker(*(cast("Any", arguments[name]) for name in Worker._fields))


def is_connection(task: asyncio.Task[object]) -> bool:
    """Whether this task serves a connection."""
    return "_server_callback" in getattr(task.get_coro(), "__qualname__", "")


def connections() -> Iterator[asyncio.WriteTransport]:
    """The open connections of this process."""
    for task in filter(is_connection, asyncio.all_tasks()):
        coroutine = task.get_coro()
        writer = getcoroutinelocals(cast("Any", coroutine)).get("writer")
        if writer:  # none before its first step
            yield writer.transport


def patch_hypercorn() -> None:
    """Replace four methods of Hypercorn 0.18, for the whole process; each says why."""
    H11Protocol._check_protocol = _stay_with_http_1  # type: ignore[method-assign, assignment]
    H11Protocol.handle = _handle  # type: ignore[method-assign]
    TCPServer._close = _close  # type: ignore[method-assign]
    H2Protocol._handle_events = _handle_or_close  # type: ignore[method-assign, assignment]


async def _stay_with_http_1(_self: H11Protocol, _request: h11.Request) -> None:
    """Serve requests that ask for HTTP/2 without TLS ("h2c") as HTTP/1.1.

    Hypercorn has no setting for it, and changes the protocol before the application sees the
    request: for `Upgrade: h2c`, and for a connection that begins with HTTP/2 ("prior knowledge").
    The application can refuse each request (`web/unsupported.py`), but some never reach it:
    `CONNECT` with `Upgrade: h2c` blocks its connection for ever, and a damaged `HTTP2-Settings`
    header is a traceback in the log. RFC 9110, section 7.8, allows a server to ignore `Upgrade`.
    """


_original_handle = H11Protocol.handle
_original_close = TCPServer._close


async def _handle(self: H11Protocol, event: Event) -> None:
    """End a connection that is closed while requests wait behind the one that is answered.

    Such a connection ("pipelining") waits for that answer, and when the client has gone or the
    server stops, it waits for ever: 300 KB each, and a stop takes all of `graceful_timeout`.
    """
    await _original_handle(self, event)
    if isinstance(event, Closed):
        self.connection = cast("Any", _ClosedConnection())
        await self.can_read.set()


async def _close(self: TCPServer) -> None:
    """Tell the protocol, too, when it is the server that closes a connection."""
    if hasattr(self, "protocol"):  # not if the client had gone before it was accepted
        await self.protocol.handle(Closed())
    await _original_close(self)


class _ClosedConnection:
    """The part of h11's connection that Hypercorn uses, when nothing comes or goes any more."""

    they_are_waiting_for_100_continue = False
    our_state = their_state = h11.ERROR

    def receive_data(self, _data: bytes) -> None:
        pass

    def next_event(self) -> h11.ConnectionClosed:
        return h11.ConnectionClosed()

    def send(self, _event: object) -> bytes:
        raise h11.LocalProtocolError("the connection is closed")


_original_handle_events = H2Protocol._handle_events


async def _handle_or_close(protocol: H2Protocol, events: list[h2.events.Event]) -> None:
    """Close a connection over TLS with HTTP/2 that Hypercorn fails on.

    Hypercorn does so with a traceback: for a method or a path that is not ASCII, for `CONNECT`
    without a path, and for more than 1,000 streams that were reset or have a priority only. What
    the application raises is not concerned: it runs in tasks of its own.
    """
    try:
        await _original_handle_events(protocol, events)
    except (UnicodeDecodeError, UnboundLocalError, KeyError, PriorityError):
        # Closing a stream that never began would fail, too.
        begun = {number: it for number, it in protocol.streams.items() if hasattr(it, "scope")}
        protocol.streams = begun
        protocol.connection.close_connection(ErrorCodes.PROTOCOL_ERROR)
        await protocol._flush()
        await protocol.send(Closed())
