"""The `closing` event: set as soon as it is known that this worker will stop.

It works around how Hypercorn 0.18 stops its workers (hypercorn/run.py, hypercorn/asyncio/run.py):

- The application is told only after the last connection has ended, so a stream without an end
  delays the stop until `graceful_timeout` cuts it off. A stream that watches `closing` ends.
- Workers do not handle SIGTERM, which then kills them. The main process sends it to all workers
  as soon as the first one has ended, whether or not they have requests in flight; a supervisor
  may send it to the whole process group. With a handler, workers finish their requests.
- A worker that alone receives SIGTERM would go on serving, with its streams ended. It asks the
  main process to stop all workers, and the supervisor starts them again. It asks a second later:
  a signal that interrupts the main process in its handler of an earlier signal would deadlock
  it, since the handler takes a lock that it may hold already.
- Workers whose main process was killed would go on serving and keep the port.
- The main process keeps the listening socket open until the first worker has ended. New
  connections are accepted by the kernel, served by nobody and reset seconds later. Refusing them
  at once, before a request was sent, lets a client or proxy connect elsewhere.
"""

import asyncio
import os
import signal
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.synchronize import Event as SharedEvent

from .hypercorn_internals import Worker, current_worker, is_connection

# As often as Hypercorn itself looks; a look costs microseconds.
POLL_S = 0.1
# A signal to the whole group has reached the main process long before.
SIGNAL_DELAY_S = 1
# More than the slowest body takes; for all late connections together.
LATE_CONNECTIONS_S = 10


@asynccontextmanager
async def announce_closing(closing: asyncio.Event) -> AsyncIterator[None]:
    """Set `closing` at the first sign of a stop, at the latest when the block ends.

    The signal handler stays, since SIGTERM may still arrive while other services stop. Outside of
    Hypercorn's workers there is none: signals are then for the server to handle.
    """
    worker = current_worker()
    watching = start_watching(closing, worker) if worker else None
    try:
        yield
    finally:
        closing.set()
        if watching:
            watching.cancel()
            await finish_late_connections()


def start_watching(closing: asyncio.Event, worker: Worker) -> asyncio.Task[None]:
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows has no such signals
        loop.add_signal_handler(signal.SIGTERM, on_sigterm, closing, worker.shutdown_event)
    return loop.create_task(watch(closing, worker))


def on_sigterm(closing: asyncio.Event, shutdown_event: SharedEvent) -> None:
    closing.set()
    asyncio.get_running_loop().call_later(SIGNAL_DELAY_S, stop_all_workers, shutdown_event)


def stop_all_workers(shutdown_event: SharedEvent) -> None:
    """Ask the main process to stop all workers, unless it already does."""
    main = parent_process()
    if main and main.pid and not shutdown_event.is_set():
        with suppress(ProcessLookupError):
            os.kill(main.pid, signal.SIGTERM)


async def watch(closing: asyncio.Event, worker: Worker) -> None:
    """Set `closing` when Hypercorn stops, then refuse new connections."""
    main = parent_process()
    hypercorns = [*worker.sockets.secure_sockets, *worker.sockets.insecure_sockets]
    listeners = [listener.dup() for listener in hypercorns]  # Hypercorn closes its own
    while not worker.shutdown_event.is_set():
        if main and not main.is_alive():
            worker.shutdown_event.set()
        await asyncio.sleep(POLL_S)
    closing.set()
    while any(listener.fileno() != -1 for listener in hypercorns):  # noqa: ASYNC110 (no event)
        await asyncio.sleep(POLL_S / 10)
    for listener in listeners:
        listener.setblocking(False)
        asyncio.get_running_loop().add_reader(listener, refuse_connection, listener)


def refuse_connection(listener: socket.socket) -> None:
    """Accept a connection and reset it (a linger time of 0 does so, see socket(7))."""
    with suppress(OSError):  # another worker was faster, or the client has gone
        connection, _address = listener.accept()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


async def finish_late_connections() -> None:
    """Wait for the connections that Hypercorn accepted after it had counted them.

    Otherwise they are cancelled with the event loop: a request is lost, and Python 3.11 logs a
    traceback. Idle ones are closed at once, as always at a stop.
    """
    late = [task for task in asyncio.all_tasks() if is_connection(task)]
    if late:
        await asyncio.wait(late, timeout=LATE_CONNECTIONS_S)
