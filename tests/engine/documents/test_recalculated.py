"""A corrected workbook is computed again and otherwise left alone (domain 10.9)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from engine.documents.errors import BadLayout
from engine.documents.recalculated import recalculate
from tests.engine.documents.test_package import BOOKS, SHEET, changed
from tests.fuzz.bounded import within


def workbook(cells: dict[str, Any], merged: str = "") -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for at, value in cells.items():
        sheet[at] = value
    if merged:
        sheet.merge_cells(merged)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


CELLS = {
    "A1": "№", "C1": "% выхода", "H1": "после",
    "C3": 30, "H3": 5808, "M3": 3.2,
    "C4": 20.5, "H4": 1500,
    "H5": 100, "C6": 40, "H7": "=SUM(H3:H5)", "D3": "Каркас",
}  # fmt: skip


def test_rows_with_both_numbers_get_the_formula_and_the_total_stands_below() -> None:
    made = recalculate(workbook(CELLS))
    sheet: Any = load_workbook(BytesIO(made.content)).active
    assert (sheet["M3"].value, sheet["M4"].value) == ("=H3/100*C3", "=H4/100*C4")
    assert sheet["M5"].value == "=SUM(M3:M4)"
    assert made.changed == ("M3", "M4", "M5")
    left = {at: value for at, value in CELLS.items() if at != "M3"}
    assert {at: sheet[at].value for at in left} == left


def test_rows_with_one_of_the_numbers_are_named() -> None:
    assert recalculate(workbook(CELLS)).incomplete == (5, 6)


def test_a_row_between_that_lacks_a_number_is_left_out_of_the_total() -> None:
    """What stands in its cell is something else: the report of the day keeps losses there."""
    cells = {"C3": 30, "H3": 100, "C4": "—", "H4": 50, "M4": 3.2, "C5": 20, "H5": 10}
    made = recalculate(workbook(cells))
    sheet: Any = load_workbook(BytesIO(made.content)).active
    assert (sheet["M4"].value, sheet["M6"].value) == (3.2, "=SUM(M3:M3,M5:M5)")


def test_a_merged_cell_below_does_not_take_the_total() -> None:
    made = recalculate(workbook(CELLS, "I5:M5"))
    assert made.changed == ("M3", "M4", "M6")


def test_a_workbook_without_such_rows_stays_as_it_is() -> None:
    made = recalculate(workbook({"A1": 1}))
    assert (made.changed, made.incomplete) == ((), ())


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(BadLayout, match="не книга Excel"):
        recalculate(content)


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_that_would_take_all_memory_is_refused(name: str) -> None:
    with within(), pytest.raises(BadLayout):
        recalculate(changed(workbook(CELLS), SHEET, BOOKS[name]))
