"""The day on which everything fails belongs to `make soak`: it takes minutes, and what a driver of
real processes sees by chance must not refuse a change of something else. Named by hand it runs at
the size of `SCALE`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sizes import left_out

DAY = "test_day.py"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the day out of a run of everything that is not the full one."""
    return left_out(collection_path, [DAY], config.args)
