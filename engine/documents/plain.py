"""Long lists without a look, written row by row: a hundred thousand rows in seconds and in little
memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice

from rustpy_xlsxwriter import FastExcel, Format

from engine.documents.cells import Cellable, cellable
from engine.documents.formats import GENERAL
from engine.documents.reports import Book
from engine.documents.tables import Table
from engine.errors import EngineError

LOOKED_AT = 500  # rows that decide how wide the columns are
NARROWEST, WIDEST = 6, 60
A4 = 9
_DAY = Decimal(86_400)


def write_plain(book: Book, title: str) -> bytes:
    """Return a workbook of the rows of a report's one table. Texts are texts, whatever they begin
    with."""
    table = book.tables[0]
    titles = [column.title for column in table.columns]
    if len(set(titles)) < len(titles):
        raise EngineError(f"report {book.form.report}: two columns of one title")
    rows = _rows(table, titles)
    first = list(islice(rows, LOOKED_AT))
    formats = {column.title: column.format for column in table.columns}
    made = BytesIO()
    writer = FastExcel(made).format(bold_headers=True).freeze(row=1)
    writer.sheet(
        title,
        # Without rows the titles come from one that is empty.
        chain(first, rows) if first else [dict.fromkeys(titles)],
        column_widths=_widths(table, first),
        column_formats={
            name: Format().set_num_format(excel)
            for name, excel in formats.items()
            if excel != GENERAL
        },
        autofilter=True,
        page_setup={
            "landscape": book.form.sheet.orientation == "landscape",
            "paper_size": A4,
            "repeat_rows": 0,
            "fit_to_pages": (1, 0),
        },
    )
    writer.save()
    return made.getvalue()


def _rows(table: Table, titles: list[str]) -> Iterator[dict[str, object]]:
    for group in table.groups:
        for line in group.lines:
            yield dict(zip(titles, map(_held, map(cellable, line.values)), strict=True))


def _held(value: Cellable) -> object:
    """Return a value as the writer takes it: a duration and a time of day are parts of a day."""
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, timedelta):
        return Decimal(value // timedelta(milliseconds=1)) / 1000 / _DAY
    return value


def _widths(table: Table, rows: list[dict[str, object]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for column in table.columns:
        longest = max((len(str(row[column.title])) for row in rows if row[column.title]), default=0)
        wanted = min(WIDEST, max(NARROWEST, len(column.title), longest))
        found[column.title] = float(column.form.width or wanted) + 2
    return found
