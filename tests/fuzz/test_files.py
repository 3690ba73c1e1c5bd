"""Whatever a file of YAML holds: findings at places, within a second; never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import given

from tests.fuzz.bounded import FUZZ, Bounded
from tests.fuzz.files import FILES, PATHS, File, Plants, shipped
from tests.sizes import sizes


def test_any_file_is_taken_or_refused_with_findings_at_places(
    tmp_path: Path, said: Callable[[object], None]
) -> None:
    plants, bounded = Plants(tmp_path), Bounded("files")
    for path in PATHS:  # what is shipped, and caches filled
        plants.check(File(path, shipped(path)), Bounded("shipped"))

    @FUZZ
    @given(FILES)
    def check(file: File) -> None:
        plants.check(file, bounded)

    check()
    said(bounded)
    assert bounded.count >= sizes().inputs
    assert bounded.outcomes["taken"]
    assert bounded.outcomes["refused"]
