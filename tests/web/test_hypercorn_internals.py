"""What this site assumes of Hypercorn's insides is true of the version that is pinned."""

import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path

import hypercorn.asyncio.run
import hypercorn.run
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.protocol.h2 import H2Protocol
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.protocol.ws_stream import WSStream

from quart_popovers.web.hypercorn_internals import Worker, current_worker

ROOT = Path(__file__).parent.parent.parent


def test_no_newer_minor_version_is_installed_unseen() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    major, minor, *_ = version("hypercorn").split(".")

    assert f"hypercorn>={major}.{minor},<{major}.{int(minor) + 1}" in project["dependencies"]


def test_workers_are_started_with_these_arguments() -> None:
    arguments = ", ".join(f'"{name}": {name}' for name in sorted(Worker._fields))

    assert f"kwargs={{{arguments}}}" in inspect.getsource(hypercorn.run)


def test_connections_are_served_by_a_task_of_this_name() -> None:
    assert "async def _server_callback(" in inspect.getsource(hypercorn.asyncio.run)


def test_the_protocol_is_changed_in_this_method_and_nowhere_else() -> None:
    """tests/serving/test_h2c.py tries it on connections."""
    assert "await self._check_protocol(event)" in inspect.getsource(H11Protocol._handle_events)
    source = inspect.getsource(hypercorn.protocol.h11)
    assert source.count("raise H2") == 2


def test_http_2_is_handled_in_this_method_and_streams_that_have_begun_have_a_scope() -> None:
    """tests/serving/test_h2c.py tries it on connections."""
    assert "await self._handle_events(events)" in inspect.getsource(H2Protocol.handle)
    assert "self.scope = " in inspect.getsource(HTTPStream.handle)
    assert "self.scope = " in inspect.getsource(WSStream.handle)


def test_the_three_methods_that_are_replaced_are_called_like_this() -> None:
    """tests/serving/test_stalled_clients.py tries them on connections."""
    assert [*inspect.signature(H11Protocol.handle).parameters] == ["self", "event"]
    assert [*inspect.signature(TCPServer._close).parameters] == ["self"]
    paused = "await self.can_read.clear()\n                    await self.can_read.wait()"
    assert paused in inspect.getsource(H11Protocol._handle_events)


def test_this_process_is_no_worker() -> None:
    assert current_worker() is None
