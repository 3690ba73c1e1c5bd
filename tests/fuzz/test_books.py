"""Whatever a form of a report is drawn as: filled with what is given, or words about it."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings

from tests.fuzz.books import BOOKS, Drawn, fill, written
from tests.fuzz.bounded import FUZZ, Bounded
from tests.sizes import sizes

INPUTS = sizes().inputs // 10  # each is written as a package, filled, written and read again


def test_any_workbook_is_refused_or_filled_with_what_is_given(
    said: Callable[[object], None],
) -> None:
    bounded = Bounded("workbooks")

    @settings(FUZZ, max_examples=INPUTS)
    @given(BOOKS)
    def run(drawn: Drawn) -> None:
        layout = written(drawn)
        fill(layout, drawn.rows, bounded)

    run()
    said(bounded)
    assert bounded.count >= INPUTS
    assert {"refused", "filled"} == set(bounded.outcomes)
