"""For tests that measure CPU time."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture
def untraced() -> Iterator[None]:
    """Stop tracing for coverage meanwhile: it costs several times what it traces.

    pytest-cov's own mark for this, `no_cover`, does nothing in the processes of pytest-xdist.
    """
    trace = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(trace)
