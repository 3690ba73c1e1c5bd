"""What the fuzz tests print: how many inputs, how fast, how slow the slowest."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def said(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """Print a line at the end of the run, also from a worker of pytest-xdist."""
    return lambda line: record_property("said", str(line))
