"""A workbook that a person corrected, computed again (domain 10.9): M = H / 100 · C in every row
that has both numbers, and their sum below. Everything else stays as it is. Start at
`recalculate`."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from engine.documents.errors import BadLayout
from engine.documents.layout import DAMAGED
from engine.documents.package import MOST_ROWS, look_through, opened
from engine.errors import say

SHARE, MASS, GIVEN = "C", "H", "M"  # per cent of exit, kilograms, what is computed


@dataclass(frozen=True, slots=True)
class Recalculated:
    """A workbook with its formulas: the cells that were changed, and the rows that have only one of
    the two numbers and were left."""

    content: bytes
    changed: tuple[str, ...]
    incomplete: tuple[int, ...]


def recalculate(content: bytes) -> Recalculated:
    """Return a workbook with the formulas in its first sheet. Raises BadLayout for what is no
    workbook."""
    try:
        look_through(opened(content))
        with warnings.catch_warnings():  # of a damaged one: what matters of it is not found then
            warnings.simplefilter("ignore")
            workbook = load_workbook(BytesIO(content))
        sheet = workbook.worksheets[0]
    except DAMAGED as error:
        raise BadLayout("это не книга Excel (.xlsx)") from error
    if sheet.max_row > MOST_ROWS:  # a cell in the last row: a million of them would be made
        raise BadLayout(say("в книге больше {rows} строк", rows=MOST_ROWS))
    rows = {
        row: (_is_number(sheet, SHARE, row), _is_number(sheet, MASS, row)) for row in _of(sheet)
    }
    both = [row for row, has in rows.items() if all(has)]
    changed = [cell for row in both for cell in _set(sheet, row, f"={MASS}{row}/100*{SHARE}{row}")]
    if both:
        changed += _set(sheet, _free(sheet, both[-1] + 1), f"=SUM({','.join(_runs(both))})")
    workbook.calculation.fullCalcOnLoad = True
    made = BytesIO()
    workbook.save(made)
    one = tuple(row for row, has in rows.items() if any(has) and not all(has))
    return Recalculated(made.getvalue(), tuple(changed), one)


def _runs(rows: Sequence[int]) -> Iterator[str]:
    """Give the ranges that rows are without those between them, whose cells stay what they were."""
    for _, run in groupby(enumerate(rows), key=lambda one: one[1] - one[0]):
        numbers = [row for _at, row in run]
        yield f"{GIVEN}{numbers[0]}:{GIVEN}{numbers[-1]}"


def _of(sheet: Worksheet) -> range:
    return range(1, sheet.max_row + 1)


def _is_number(sheet: Worksheet, column: str, row: int) -> bool:
    value = sheet[f"{column}{row}"].value
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _free(sheet: Worksheet, row: int) -> int:
    """Return the first row from here whose cell no merged one covers."""
    while isinstance(sheet[f"{GIVEN}{row}"], MergedCell):
        row += 1
    return row


def _set(sheet: Worksheet, row: int, formula: str) -> list[str]:
    cell: Any = sheet[f"{GIVEN}{row}"]
    if isinstance(cell, MergedCell):
        return []
    cell.value = formula
    return [str(cell.coordinate)]
