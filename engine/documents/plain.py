"""Long lists without a look, written row by row: a hundred thousand rows in seconds and in little
memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice

from rustpy_xlsxwriter import FastExcel, Format

from engine.documents.cells import Cellable, cellable
from engine.documents.formats import GENERAL
from engine.documents.reports import Book
from engine.errors import EngineError
from engine.model.values import Value

LOOKED_AT = 500  # rows that decide how wide the columns are
NARROWEST, WIDEST = 6, 60
A4 = 9
_DAY = Decimal(86_400)


@dataclass(frozen=True, slots=True)
class Plain:
    """A column of a long list: its title, its format in Excel's notation, its width in characters
    if it does not follow its values."""

    title: str
    format: str = GENERAL
    width: float | None = None


def write_plain(book: Book, title: str) -> bytes:
    """Return a workbook of the rows of a report's one table. Raises EngineError for two columns of
    one title."""
    table = book.tables[0]
    columns = [Plain(one.title, one.format, one.form.width) for one in table.columns]
    lines = (line.values for group in table.groups for line in group.lines)
    try:
        return write_rows(title, columns, lines, landscape=_lies(book))
    except EngineError as error:
        raise EngineError(f"report {book.form.report}: {error}") from error


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under titles. Texts are texts, whatever they begin with."""

    title: str
    columns: Sequence[Plain]
    lines: Iterable[Sequence[Value]]


def write_rows(
    title: str,
    columns: Sequence[Plain],
    lines: Iterable[Sequence[Value]],
    *,
    landscape: bool = True,
) -> bytes:
    """Return a workbook of one sheet. Raises EngineError for two columns of one title."""
    return write_sheets([Sheet(title, columns, lines)], landscape=landscape)


def write_sheets(sheets: Iterable[Sheet], *, landscape: bool = True) -> bytes:
    """Return a workbook of several sheets. Raises EngineError for two columns of one title."""
    made = BytesIO()
    writer = FastExcel(made).format(bold_headers=True).freeze(row=1)
    for sheet in sheets:
        _write(writer, sheet, landscape)
    writer.save()
    return made.getvalue()


def _write(writer: FastExcel, sheet: Sheet, landscape: bool) -> None:
    columns, titles = sheet.columns, [column.title for column in sheet.columns]
    if len(set(titles)) < len(titles):
        raise EngineError("two columns of one title")
    rows = _rows(titles, sheet.lines)
    first = list(islice(rows, LOOKED_AT))
    writer.sheet(
        sheet.title,
        # Without rows the titles come from one that is empty.
        chain(first, rows) if first else [dict.fromkeys(titles)],
        column_widths=_widths(columns, first),
        column_formats={
            column.title: Format().set_num_format(column.format)
            for column in columns
            if column.format != GENERAL
        },
        autofilter=True,
        page_setup={
            "landscape": landscape,
            "paper_size": A4,
            "repeat_rows": 0,
            "fit_to_pages": (1, 0),
        },
    )


def _lies(book: Book) -> bool:
    return book.form.sheet.orientation == "landscape"


def _rows(titles: Sequence[str], lines: Iterable[Sequence[Value]]) -> Iterator[dict[str, object]]:
    for values in lines:
        yield dict(zip(titles, map(_held, map(cellable, values)), strict=True))


def _held(value: Cellable) -> object:
    """Return a value as the writer takes it: a duration and a time of day are parts of a day."""
    if not isinstance(value, time | timedelta):
        return value
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    return Decimal(value // timedelta(milliseconds=1)) / 1000 / _DAY


def _widths(columns: Sequence[Plain], rows: list[dict[str, object]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for column in columns:
        longest = max((len(str(row[column.title])) for row in rows if row[column.title]), default=0)
        wanted = min(WIDEST, max(NARROWEST, len(column.title), longest))
        found[column.title] = float(column.width or wanted) + 2
    return found
