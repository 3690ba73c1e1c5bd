"""What stands above and below each printed page of a report: whose, what, of when, by whom."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from engine.documents.letters import printable
from engine.documents.reports import Book
from engine.model.values import show

SIZE = 9  # points
LONGEST = 80  # characters of one part


def say_whose(book: Book, sheet: Worksheet, *, keep: bool = False) -> None:
    """Set header and footer of a sheet; with `keep`, only what its layout left empty."""
    head, foot = sheet.oddHeader, sheet.oddFooter
    parts = (
        (head.left, _said(book.plant)),
        (head.center, _said(book.form.title)),
        (head.right, _said(book.period)),
        (foot.left, _said(book.author)),
        (foot.center, _said(show(book.now))),
        (foot.right, "Страница &P из &N"),
    )
    for part, text in parts:
        if not (keep and part.text):
            part.text, part.size = text, SIZE


def _said(text: str) -> str:
    """Return a text as a header holds it: an ampersand is written twice."""
    return printable(text).replace("\n", " ").replace("&", "&&")[:LONGEST]
