"""Small Word documents made in the test, and the text that a reader sees."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

from docx import Document


def paper(*paragraphs: str | tuple[str, ...]) -> bytes:
    """A document of these paragraphs; a tuple is one that the word processor split into runs."""
    document = Document()
    for paragraph in paragraphs:
        runs = (paragraph,) if isinstance(paragraph, str) else paragraph
        line = document.add_paragraph()
        for at, run in enumerate(runs):
            line.add_run(run).bold = bool(at % 2)
    return saved(document)


def row_paper(*rows: tuple[str, ...], below: str = "") -> bytes:
    """A document with one table of these rows, and a paragraph below it."""
    document = Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    if below:
        document.add_paragraph(below)
    return saved(document)


def saved(document: Any) -> bytes:
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def texts(content: bytes) -> list[str]:
    """The paragraphs of a document, those of its tables after the others."""
    document = Document(BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [line.text for line in document.paragraphs] + [cell.text for cell in cells]


def header_texts(content: bytes) -> list[str]:
    """The paragraphs of the page's header."""
    return [line.text for line in Document(BytesIO(content)).sections[0].header.paragraphs]


def with_part(content: bytes, name: str, text: str, instead: str) -> bytes:
    """The same package with a text replaced in one part."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(made, "w") as new:
        for entry in old.infolist():
            piece = old.read(entry)
            if entry.filename == name:
                assert escape(text).encode() in piece
                piece = piece.replace(escape(text).encode(), instead.encode())
            new.writestr(entry, piece)
    return made.getvalue()
