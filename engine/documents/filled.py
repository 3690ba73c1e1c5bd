"""A workbook that a person filled in, as titles and rows of values: numbers as Decimal, days and
texts as they are. Nothing of it is computed, and none of it is larger than it says. Start at
`filled`."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, NoReturn

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from engine.documents.errors import BadLayout
from engine.documents.layout import DAMAGED
from engine.documents.package import MOST_COLUMNS, MOST_ROWS, look_through, opened
from engine.errors import say

LARGEST = 1024 * 1024  # bytes of a file that is filled in by hand


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed: its result is not in the file, or it is of another day."""

    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A cell whose computation failed: «#N/A»."""

    text: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A cell under one that was merged over it: people see a value there, the file has none."""


Typed = None | str | bool | Decimal | date | datetime | time | Formula | Failed | Merged
UNREADABLE: dict[str, type[Formula] | type[Failed]] = {"f": Formula, "e": Failed}
DIGITS = 15  # of a number as Excel shows it: it keeps 3.3 that was computed as 3.3000000000000003


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet: the titles of its first row, each with the place of its column, and the rows below
    that have anything, by their numbers in the file."""

    title: str
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Typed, ...]], ...]


def filled(content: bytes) -> tuple[Filled, ...]:
    """Return the sheets of a workbook that have anything. Raises BadLayout for what is none and for
    what is too large."""
    try:
        _looked_through(content)
        with warnings.catch_warnings():  # of parts that are not read here
            warnings.simplefilter("ignore")
            workbook = load_workbook(BytesIO(content))
    except DAMAGED as error:
        raise BadLayout(say("это не книга Excel (.xlsx)")) from error
    return tuple(found for sheet in workbook.worksheets if (found := _sheet(sheet)).titles)


def _looked_through(content: bytes) -> None:
    parts = opened(content)
    try:
        look_through(parts)
    except BadLayout:
        _refuse_size()


def _refuse_size() -> NoReturn:
    raise BadLayout(say("на листе не больше {rows} строк: разделите книгу", rows=MOST_ROWS))


def _sheet(sheet: Worksheet) -> Filled:
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        _refuse_size()
    rows = [tuple(map(_typed, row)) for row in sheet.iter_rows()]
    untitled = (None, Merged())
    titles = tuple("" if one in untitled else str(one) for one in rows[0]) if rows else ()
    below = (
        (number, row)
        for number, row in enumerate(rows[1:], 2)
        if any(value is not None for value in row)
    )
    return Filled(str(sheet.title), titles if any(titles) else (), tuple(below))


def _typed(cell: Any) -> Typed:
    value = cell.value
    if isinstance(cell, MergedCell):
        return Merged()
    if cell.data_type in UNREADABLE:
        return UNREADABLE[cell.data_type](str(value))
    match value:
        case bool() | date() | time():
            return value
        case int() | float():
            number = Decimal(f"{value:.{DIGITS}g}" if isinstance(value, float) else value)
            # Excel keeps 3,2 % as 0.032 and shows it times a hundred: people mean what they see.
            return number * 100 if "%" in str(cell.number_format) else number
        case None:
            return None
        case _:
            return " ".join(str(value).split()) or None
