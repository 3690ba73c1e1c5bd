"""The rows of a report as CSV: for other programs. No totals: whoever reads it adds for himself."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import BytesIO, TextIOWrapper

from engine.documents.cells import cellable, is_formula_like
from engine.documents.reports import Book
from engine.documents.tables import Line, Table
from engine.expressions.compile import compile_expression
from engine.model.values import show

MIME = "text/csv"
BETWEEN = ";"  # what Excel expects where the decimal sign is a comma


def render_csv(book: Book) -> bytes:
    """Return the rows of a report, blocks one below another."""
    return write_csv(_lines(book))


def write_csv(lines: Iterable[Iterable[object]]) -> bytes:
    """Return rows, titles among them, in UTF-8 with its mark.

    Numbers have a decimal comma; a text that could be taken for a formula gets an apostrophe."""
    made = BytesIO()
    text = TextIOWrapper(made, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=BETWEEN, lineterminator="\r\n")
    for line in lines:
        writer.writerow([_written(value) for value in line])
    text.flush()
    return made.getvalue()


def _lines(book: Book) -> Iterator[Iterable[object]]:
    for at, table in enumerate(book.tables):
        if at and table.form.header:
            yield ()
        if table.form.header:
            yield [column.title for column in table.columns]
        for group in table.groups:
            for line in group.lines:
                yield _values(table, line)


def _values(table: Table, line: Line) -> Iterator[object]:
    """Give the values of a line, those of formulas too."""
    pairs = list(zip(table.columns, line.values, strict=True))
    named = {
        column.form.name: Decimal(0) if value is None else value
        for column, value in pairs
        if column.form.name
    }
    for at, (column, value) in enumerate(pairs):
        if column.adds:
            yield sum(one for _, one in pairs[at - column.adds : at] if isinstance(one, Decimal))
        elif column.form.formula is not None:
            yield compile_expression(column.form.formula)(named)
        else:
            yield value


def _written(value: object) -> str:
    held = cellable(value)
    if isinstance(held, str):
        return "'" + held if is_formula_like(held) else held
    if isinstance(held, Decimal):
        return f"{held:f}".replace(".", ",")
    if isinstance(held, int):
        return str(held)
    return "" if held is None else show(held)
