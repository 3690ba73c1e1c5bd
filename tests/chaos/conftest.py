"""The day on which everything fails belongs to `make soak`: it takes minutes, and what a driver of
real processes sees by chance must not refuse a change of something else. Named by hand it runs at
the size of `SCALE`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sizes import sizes

DAY = "test_day.py"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the day out of a run of everything that is not the full one."""
    named = sizes().full or any(DAY in one for one in config.args)
    return True if collection_path.name == DAY and not named else None
