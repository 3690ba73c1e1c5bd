"""The card of a record as a workbook (domain 10.10): a sheet for what stands first on it and one
for every table, numbers and moments as what they are.

Start at `workbook`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext

from crm.office.card import NOTHING, Card, Cell, Fields, Figure, Table
from engine.documents.formats import GENERAL
from engine.documents.plain import Plain, Sheet, write_sheets
from engine.model.values import Value

FORBIDDEN = re.compile(r"[\[\]:*?/\\]")  # in the name of a sheet, and of a file
LONGEST = 31  # characters of the name of a sheet
DAY, MOMENT = "dd.mm.yyyy", "dd.mm.yyyy hh:mm"


def workbook(card: Card) -> bytes:
    """Return the workbook of a card whose sections are read."""
    tables = [one for one in (*card.main, *card.side) if isinstance(one, Table) and one.rows]
    return write_sheets([_first(card), *_named(tables)])


def plain_name(title: str) -> str:
    """Return a title as the name of a file or a sheet.

    >>> plain_name("Партия 2211/3")
    'Партия 2211-3'
    """
    return FORBIDDEN.sub("-", title)


def _first(card: Card) -> Sheet:
    """What the card says of the record itself: its state, its figures, labels with values."""
    rows: list[tuple[str, str, Cell]] = [("", gettext("Карточка"), Cell(card.title))]
    if card.badge is not None:
        rows.append(("", gettext("Состояние"), card.badge))
    rows += [("", _label(figure), Cell(figure.value)) for figure in card.figures]
    for section in (*card.main, *card.side):
        if isinstance(section, Fields):
            rows += [(section.title, label, value) for label, value in section.rows]
    columns = [Plain(gettext("Раздел")), Plain(gettext("Что")), Plain(gettext("Значение"))]
    lines = [(group or None, label, _value(value)) for group, label, value in rows]
    return Sheet(gettext("Карточка"), columns, lines)


def _label(figure: Figure) -> str:
    return f"{figure.label}, {figure.unit}" if figure.unit else figure.label


def _named(tables: Sequence[Table]) -> Iterator[Sheet]:
    """Give the tables, each under a name that no other sheet has."""
    taken = {gettext("Карточка").casefold()}
    for table in tables:
        name = _other(plain_name(table.title)[:LONGEST], taken)
        taken.add(name.casefold())
        yield _sheet(name, table)


def _sheet(name: str, table: Table) -> Sheet:
    told = [at for at, header in enumerate(table.headers) if str(header)]
    titles, taken = list[str](), set[str]()
    for at in told:
        titles.append(_other(str(table.headers[at]), taken))
        taken.add(titles[-1].casefold())
    columns = [
        Plain(title, _format([row[at] for row in table.rows]))
        for title, at in zip(titles, told, strict=True)
    ]
    return Sheet(name, columns, [[_value(row[at]) for at in told] for row in table.rows])


def _other(name: str, taken: set[str]) -> str:
    """Return a name that is not taken: itself, or with a number."""
    number, found = 1, name
    while found.casefold() in taken:
        number += 1
        found = f"{name[: LONGEST - 4]} {number}"
    return found


def _format(cells: Sequence[Cell]) -> str:
    """Return how a column is written: with the decimals of its numbers, days as days."""
    values = [cell for cell in cells if cell.value is not None]
    if values and all(cell.number for cell in values):
        decimals = max(len(cell.text.partition(",")[2]) for cell in values)
        return "0" if not decimals else f"0.{'0' * decimals}"
    if values and all(not cell.number for cell in values):
        return MOMENT if any(isinstance(cell.value, datetime) for cell in values) else DAY
    return GENERAL


def _value(cell: Cell) -> Value:
    if cell.value is not None:
        return cell.value
    return None if cell.text == NOTHING else cell.text
