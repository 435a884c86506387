"""Closing: the event that says this worker is about to stop, set as soon as anybody knows it.

What it cures is how Hypercorn 0.18 stops its workers (hypercorn/run.py, hypercorn/asyncio/run.py):

- The application hears of a stop only after the last connection has ended, so a stream that never
  ends holds the stop up until `graceful_timeout` cuts it. A stream that watches `closing` ends.
- Workers have no handler for SIGTERM, which kills a process that has none. The main process sends
  it to all workers as soon as the first one has ended, requests in flight or not; a supervisor
  may send it to the whole process group. With a handler, workers finish what they began.
- A worker that alone gets SIGTERM would go on with its streams ended: it asks the main process
  to stop everything instead, and the supervisor starts anew. It asks only after a while: a signal
  that finds the main process at work on an earlier one locks it up for ever, since its handler
  takes a lock that it may hold already.
- Workers whose main process was killed would serve on for ever and keep the port.
- The main process holds the listening socket until the first worker has ended. Whoever connects
  meanwhile is let in by the kernel, answered by nobody and reset seconds later. Now a visitor or
  proxy is turned away at once, before anything was sent, and can go elsewhere.
"""

import asyncio
import os
import signal
import socket
import struct
from contextlib import suppress
from multiprocessing import current_process, parent_process
from multiprocessing.synchronize import Event as SharedEvent

from hypercorn.config import Sockets

# As often as Hypercorn itself looks; a look costs microseconds.
POLL_S = 0.1
# A signal to the whole group has reached the main process long before.
ALONE_S = 1
# More than the slowest body takes; all of them together.
LATECOMERS_S = 10


class ClosingWatch:
    """Sets `closing` at the first sign of a stop, whether a signal or Hypercorn's shared event."""

    def __init__(self, closing: asyncio.Event) -> None:
        self.closing = closing
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        given = given_to_this_worker()
        hypercorns = given.get("shutdown_event")
        sockets = given.get("sockets")
        if not isinstance(hypercorns, SharedEvent) or not isinstance(sockets, Sockets):
            return  # tests and other servers: signals are theirs, and they tell us by `stop`
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # Windows has no such signals
            loop.add_signal_handler(signal.SIGTERM, self._on_sigterm, hypercorns)
        listening = [*sockets.secure_sockets, *sockets.insecure_sockets]
        self._watching = loop.create_task(self._watch(hypercorns, listening))

    async def stop(self) -> None:
        """Stop watching; the handler stays, since SIGTERM may still come while others tidy up."""
        self.closing.set()
        if self._watching:
            self._watching.cancel()
            await answer_latecomers()

    def _on_sigterm(self, hypercorns: SharedEvent) -> None:
        self.closing.set()
        asyncio.get_running_loop().call_later(ALONE_S, stop_everything, hypercorns)

    async def _watch(self, hypercorns: SharedEvent, listening: list[socket.socket]) -> None:
        main = parent_process()
        doors = [door.dup() for door in listening]  # Hypercorn closes its own
        while not hypercorns.is_set():
            if main and not main.is_alive():
                hypercorns.set()
            await asyncio.sleep(POLL_S)
        self.closing.set()
        while any(door.fileno() != -1 for door in listening):  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(POLL_S / 10)
        for door in doors:
            door.setblocking(False)
            asyncio.get_running_loop().add_reader(door, turn_away, door)


def stop_everything(hypercorns: SharedEvent) -> None:
    """Ask the main process to stop all workers, unless it is about to."""
    main = parent_process()
    if main and main.pid and not hypercorns.is_set():
        with suppress(ProcessLookupError):
            os.kill(main.pid, signal.SIGTERM)


async def answer_latecomers() -> None:
    """Wait for the connections that Hypercorn let in while it closed, after it counted them.

    Left alone they are cancelled with the loop: a request is lost, and Python 3.11 logs a
    traceback. Silent ones are closed at once, as always at a stop, and the others answered.
    """
    late = [task for task in asyncio.all_tasks() if is_connection(task)]
    if late:
        await asyncio.wait(late, timeout=LATECOMERS_S)


def is_connection(task: asyncio.Task[object]) -> bool:
    return "_server_callback" in getattr(task.get_coro(), "__qualname__", "")


def turn_away(door: socket.socket) -> None:
    """Reset a connection that nobody will answer (a lingering time of 0 does so, see socket(7))."""
    with suppress(OSError):  # a sibling was faster, or the visitor has gone
        visitor, _address = door.accept()
        visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        visitor.close()


def given_to_this_worker() -> dict[str, object]:
    """What Hypercorn's main process gave this worker: its sockets, and the event of the stop.

    It hands them to the worker's function and to nobody else, so they are taken from the
    arguments that multiprocessing keeps; in any other process there are none.
    """
    arguments: dict[str, object] = getattr(current_process(), "_kwargs", {})
    return arguments
