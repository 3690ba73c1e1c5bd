"""The crowd belongs to `make soak`: its full size takes an hour. Named by hand it is small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sizes import left_out

CROWD = "test_crowd.py"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the crowd out of a run of everything that is not the full one."""
    return left_out(collection_path, [CROWD], config.args)
