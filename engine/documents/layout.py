"""A report whose look is a form: a workbook drawn by hand, with named cells and one named row a
block. Start at `fill_layout`.

A named row is copied for each row of its block; what stands below moves down, formulas that look at
the row look at all of its copies, and a cell merged from it downwards covers them all. What its
cells hold in the layout, a «—» or a formula, stays in a row that has no value for them."""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.formula.tokenizer import Tokenizer, TokenizerError
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import CellCoordinatesException, InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from engine.documents.cells import cellable, is_formula_like
from engine.documents.errors import BadLayout
from engine.documents.heads import say_whose
from engine.documents.look import POINTS, height_of
from engine.documents.package import (
    MOST_COLUMNS,
    MOST_DRAWN,
    MOST_ROWS,
    look_through,
    opened,
)
from engine.documents.reports import Book
from engine.documents.tables import Table
from engine.errors import say
from engine.model.values import Value

# What the libraries of packages and of XML raise over a damaged file, each in its own way.
DAMAGED = (
    *(BadZipFile, InvalidFileException, zlib.error, SyntaxError, LookupError, ValueError),
    *(EOFError, OSError, RuntimeError, TypeError, AttributeError, ArithmeticError),
    *(TokenizerError, CellCoordinatesException),
)
KEPT = 32  # layouts whose names are remembered; we ship two
_REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?")


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A named range of a layout: its sheet, rows and columns from 1. Of its first row, `covered`
    are the columns whose cell a merged one beside it covers: nobody would see what is put there."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    covered: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.right - self.left + 1


@lru_cache(maxsize=KEPT)
def names(layout: bytes) -> Mapping[str, Named]:
    """Return the named ranges of a layout, opened once for all the checks of forms that leave it
    as it is. Raises BadLayout."""
    _, there = _opened(layout)
    return MappingProxyType(there)


def fill_layout(book: Book, layout: bytes) -> bytes:
    """Return the form of a report, filled. Raises BadLayout for a name that is not there."""
    workbook, there = _opened(layout)
    for name, value in book.cells.items():
        at = _seen(_find(there, name), 1)
        _put(workbook[at.sheet].cell(at.top, at.left), value)
    rows = [(_find(there, table.form.row), table) for table in book.tables]
    blocks = [(_seen(at, at.width), table) for at, table in rows]
    for at, table in sorted(blocks, key=lambda block: block[0], reverse=True):
        _write(workbook[at.sheet], at, table)
    for sheet in workbook.worksheets:
        say_whose(book, sheet, keep=True)
    workbook.calculation.fullCalcOnLoad = True
    properties = workbook.properties
    properties.creator, properties.title = book.author, book.form.title
    properties.created = properties.modified = book.now.replace(tzinfo=None)
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def _opened(layout: bytes) -> tuple[Workbook, dict[str, Named]]:
    try:
        look_through(opened(layout))
        with warnings.catch_warnings():  # of a damaged one: what matters of it is not found then
            warnings.simplefilter("ignore")
            workbook = load_workbook(BytesIO(layout))
        there = _names(workbook)
    except DAMAGED as error:
        raise BadLayout("это не книга Excel (.xlsx)") from error
    drawn = 0
    for sheet in workbook.worksheets:
        _hold(sheet.title, sheet.max_row, sheet.max_column)
        drawn += sheet.max_row * sheet.max_column
        if drawn > MOST_DRAWN:
            raise BadLayout(say("у бланка не больше {cells} ячеек", cells=MOST_DRAWN))
        for cell in _formulas(sheet):
            _readable(cell)
    return workbook, there


def _formulas(sheet: Worksheet) -> list[Any]:
    """Return the cells whose formula moves with its rows."""
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return [cell for cell in cells if cell.data_type == "f" and isinstance(cell.value, str)]


def _readable(cell: Any) -> None:
    try:
        Tokenizer(cell.value)
    except (TokenizerError, LookupError) as error:  # a bracket too many is an IndexError there
        raise BadLayout(say("формула в {cell} не читается", cell=cell.coordinate)) from error


def _hold(name: str, row: int, column: int) -> None:
    """Refuse a place that is far outside of a form. Raises BadLayout."""
    if row > MOST_ROWS or column > MOST_COLUMNS:
        raise BadLayout(
            say(
                "«{name}»: у бланка не больше {rows} строк и {columns} столбцов",
                name=name,
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )
        )


def _names(workbook: Workbook) -> dict[str, Named]:
    found = {}
    hidden = {sheet.title: _covered(sheet) for sheet in workbook.worksheets}
    for name, defined in workbook.defined_names.items():
        places = list(defined.destinations)
        if len(places) == 1 and places[0][0] in workbook.sheetnames:
            left, top, right, bottom = range_boundaries(places[0][1].replace("$", ""))
            if None in (left, top, right, bottom):
                continue
            if 0 < int(left) <= int(right) and 0 < int(top) <= int(bottom):
                _hold(name, int(bottom), int(right))
                sheet, columns = places[0][0], range(int(left), int(right) + 1)
                covered = tuple(one for one in columns if (top, one) in hidden[sheet])
                found[name] = Named(sheet, int(top), int(left), int(bottom), int(right), covered)
    return found


def _covered(sheet: Worksheet) -> frozenset[tuple[int, int]]:
    """Return the cells that a merged one beside them covers."""
    merged = sheet.merged_cells.ranges
    return frozenset(at for one in merged for at in one.cells if at != (one.min_row, one.min_col))


def _find(there: dict[str, Named], name: str) -> Named:
    if name not in there:
        raise BadLayout(say("в layout.xlsx нет имени «{name}»", name=name))
    return there[name]


def _seen(at: Named, width: int) -> Named:
    """Return a range whose first cells are all seen. Raises BadLayout."""
    hidden = [column for column in at.covered if column < at.left + width]
    if hidden:
        cell = f"{get_column_letter(hidden[0])}{at.top}"
        raise BadLayout(say("ячейку {cell} закрывает объединённая с ней", cell=cell))
    return at


def _write(sheet: Worksheet, at: Named, table: Table) -> None:
    lines = [line for group in table.groups for line in group.lines]
    _make_room(sheet, at.top, len(lines) - 1)
    for number in range(1, len(lines)):
        _copy_row(sheet, at.top, at.top + number)
    covered = _covered(sheet)
    for row, line in enumerate(lines, at.top):
        for column, value in enumerate(line.values, at.left):
            if value is not None and (row, column) not in covered:
                _put(sheet.cell(row, column), value)
        _heighten(sheet, row)
    if not lines:
        for column in range(at.left, at.right + 1):
            _put(sheet.cell(at.top, column), None)
        _put(sheet.cell(at.top, at.left), table.form.empty or None)


def _heighten(sheet: Worksheet, row: int) -> None:
    """Make a row as high as its longest text that breaks in its column: not every program does by
    itself, and a form's row that was copied has the height of one line."""
    joined = {one for merged in sheet.merged_cells.ranges for one in merged.cells}
    points = [
        height_of(cell.value, _width(sheet, cell.column_letter), cell.font.size or POINTS)
        for cell in sheet[row]
        if isinstance(cell.value, str)
        and cell.data_type == "s"
        and cell.alignment.wrap_text
        and not cell.alignment.text_rotation
        and (row, cell.column) not in joined
    ]
    size = sheet.row_dimensions[row]
    if any(points):
        size.height = max(size.height or 0, *points, 0)


def _width(sheet: Worksheet, letter: str) -> float:
    return float(sheet.column_dimensions[letter].width)


def _put(cell: Any, value: Value) -> None:
    """Set a value and keep the look that the layout gives."""
    held = cellable(value)
    cell.value = held
    if isinstance(held, str):
        cell.data_type = "s"
        cell.quotePrefix = is_formula_like(held)


def _make_room(sheet: Worksheet, top: int, more: int) -> None:
    """Move everything below a row down by `more` rows."""
    if more <= 0:
        return
    heights = {row: size.height for row, size in sheet.row_dimensions.items() if size.height}
    sheet.insert_rows(top + 1, more)
    for row in sorted(heights, reverse=True):
        if row > top:
            sheet.row_dimensions[row].height = None
            sheet.row_dimensions[row + more].height = heights[row]
    for merged in sheet.merged_cells.ranges:
        if merged.min_row > top:
            merged.shift(row_shift=more)
        elif merged.max_row > top:
            merged.expand(down=more)
    for cell in _formulas(sheet):
        cell.value = moved(cell.value, top, more)
    if sheet.print_area:
        sheet.print_area = moved("=" + sheet.print_area.split("!")[-1], top, more)[1:]


def _copy_row(sheet: Worksheet, top: int, row: int) -> None:
    """Copy a row: looks, height, merged cells, formulas with their own row in them."""
    sheet.row_dimensions[row].height = sheet.row_dimensions[top].height
    covered = _covered(sheet)
    for cell in list(sheet[top]):
        made: Any = sheet.cell(row, cell.column)
        made._style = copy(cell._style)
        if (row, cell.column) in covered:  # of a merged cell that grows with the rows
            continue
        if cell.data_type == "f":
            made.value = Translator(cell.value, cell.coordinate).translate_formula(made.coordinate)
        elif cell.data_type != "n" or cell.value is not None:
            made.value, made.data_type = cell.value, cell.data_type  # «=2+2» stays what was typed
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row == merged.max_row == top:
            sheet.merge_cells(
                start_row=row,
                end_row=row,
                start_column=merged.min_col,
                end_column=merged.max_col,
            )


def moved(formula: str, top: int, more: int) -> str:
    """Return a formula of a sheet in which `more` rows were put below row `top`; a range that ends
    at that row takes the new ones in.

    >>> moved("=SUM(E5:E5)/B2+E9", top=5, more=2)
    '=SUM(E5:E7)/B2+E11'
    """

    def shift(match: re.Match[str]) -> str:
        first, last = int(match[2]), int(match[4] or 0)
        begin = match[1] + str(first + more if first > top else first)
        if not last:
            return begin
        return f"{begin}:{match[3]}{last + more if last >= top else last}"

    read = Tokenizer(formula)
    for token in read.items:
        if token.type == "OPERAND" and token.subtype == "RANGE":
            token.value = _REFERENCE.sub(shift, token.value)
    return "=" + "".join(token.value for token in read.items)
