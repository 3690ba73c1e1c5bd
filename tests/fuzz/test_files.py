"""Whatever a file of YAML holds: findings at places, within a second; never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, seed, settings

from tests.fuzz.bounded import FUZZ, Bounded
from tests.fuzz.files import FILES, PATHS, File, Plants, shipped
from tests.sizes import sizes

HALVES = (1, 2)  # the longest test of a soak: one on each worker


@pytest.mark.parametrize("half", HALVES)
def test_any_file_is_taken_or_refused_with_findings_at_places(
    half: int, tmp_path: Path, said: Callable[[object], None]
) -> None:
    inputs = sizes().inputs // len(HALVES)
    plants, bounded = Plants(tmp_path), Bounded(f"files, half {half}")
    for path in PATHS:  # what is shipped, and caches filled
        plants.check(File(path, shipped(path)), Bounded("shipped"))

    @seed(f"{sizes().seed} {half}")
    @settings(FUZZ, max_examples=inputs)
    @given(FILES)
    def check(file: File) -> None:
        plants.check(file, bounded)

    check()
    said(bounded)
    assert bounded.count >= inputs
    assert bounded.outcomes["taken"]
    assert bounded.outcomes["refused"]
