"""A long list as people write it with openpyxl: a workbook in memory, a cell a value, saved at the
end. The same rows, titles and formats of numbers and dates as ours; nothing of engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

FORMATS = {Decimal: "0.000", date: "dd.mm.yyyy", datetime: "dd.mm.yyyy hh:mm"}


def written(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*titles])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            plain = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            cell = sheet.cell(number, column, plain)
            form = FORMATS.get(type(value))
            if form:
                cell.number_format = form
    sheet.freeze_panes = "A2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()
