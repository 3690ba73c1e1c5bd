"""Write a report's values as an Excel workbook. Start at `render`.

Designed ones are written by openpyxl; lists without a look by a fast writer, since openpyxl takes
ten times as long over a hundred thousand rows. A form fills its layout (`layout.py`)."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from engine.documents.blocks import BlockWriter
from engine.documents.heads import say_whose
from engine.documents.layout import fill_layout
from engine.documents.look import Looks
from engine.documents.plain import write_plain
from engine.documents.reports import Book

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9
LONGEST_TITLE = 31


def render(book: Book, layout: bytes | None = None) -> bytes:
    """Return the workbook of a report: a form when there is a layout, a plain list when the report
    says so, else tables. Raises BadLayout."""
    if layout is not None:
        return fill_layout(book, layout)
    if book.form.plain:
        return write_plain(book, sheet_title(book))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    writers: list[BlockWriter] = []
    for table in book.tables:
        if table.form.sheet or not writers:
            sheet = workbook.create_sheet(table.form.sheet or sheet_title(book))
            _page(book, sheet)
            writers.append(BlockWriter(sheet, Looks(book.form.styles, sheet)))
        writers[-1].write(table)
    for writer in writers:
        writer.finish()
    properties = workbook.properties
    properties.creator, properties.title = book.author, book.form.title
    properties.created = properties.modified = book.now.replace(tzinfo=None)
    workbook.calculation.fullCalcOnLoad = True  # formulas are written without their results
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def sheet_title(book: Book) -> str:
    """Return the name of the sheet: at most 31 letters, as Excel wants."""
    title = book.form.sheet.title or book.form.title
    return "".join(letter for letter in title if letter not in "[]:*?/\\")[:LONGEST_TITLE]


def _page(book: Book, sheet: Worksheet) -> None:
    """Set up the page: A4, as wide as the sheet, with whose and when above and below."""
    sheet.page_setup.orientation = book.form.sheet.orientation
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(0.4, 0.4, top=0.85, bottom=0.85, header=0.4, footer=0.4)
    say_whose(book, sheet)
