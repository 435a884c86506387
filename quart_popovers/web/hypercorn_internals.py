"""All that this site uses of Hypercorn beyond its documented interface.

Therefore `pyproject.toml` allows no newer minor version, and a test of this module checks what it
assumes.
"""

import asyncio
from multiprocessing import current_process
from multiprocessing.synchronize import Event as SharedEvent
from typing import Any, NamedTuple, cast

from h2.errors import ErrorCodes
from h2.events import Event
from h11 import Request
from hypercorn.config import Config, Sockets
from hypercorn.events import Closed
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


def ignore_h2c() -> None:
    """Serve requests that ask for HTTP/2 without TLS ("h2c") as HTTP/1.1, in the whole process.

    Hypercorn has no setting for it, and changes the protocol before the application sees the
    request: for `Upgrade: h2c`, and for a connection that begins with HTTP/2 ("prior knowledge").
    The application can refuse each request (`web/unsupported.py`), but some never reach it:
    `CONNECT` with `Upgrade: h2c` blocks its connection for ever, and a damaged `HTTP2-Settings`
    header is a traceback in the log. RFC 9110, section 7.8, allows a server to ignore `Upgrade`.
    """
    H11Protocol._check_protocol = _stay_with_http_1  # type: ignore[method-assign, assignment]


async def _stay_with_http_1(_self: H11Protocol, _request: Request) -> None:
    pass


def refuse_broken_http2() -> None:
    """Close a connection over TLS with HTTP/2 that Hypercorn fails on, in the whole process.

    Hypercorn does so with a traceback: for a method or a path that is not ASCII, for `CONNECT`
    without a path, and for more than 1,000 streams that were reset or have a priority only. What
    the application raises is not concerned: it runs in tasks of its own.
    """
    H2Protocol._handle_events = _handle_or_close  # type: ignore[method-assign, assignment]


_handle_events = H2Protocol._handle_events


async def _handle_or_close(protocol: H2Protocol, events: list[Event]) -> None:
    try:
        await _handle_events(protocol, events)
    except (UnicodeDecodeError, UnboundLocalError, KeyError, PriorityError):
        # Closing a stream that never began would fail, too.
        begun = {number: it for number, it in protocol.streams.items() if hasattr(it, "scope")}
        protocol.streams = begun
        protocol.connection.close_connection(ErrorCodes.PROTOCOL_ERROR)
        await protocol._flush()
        await protocol.send(Closed())
