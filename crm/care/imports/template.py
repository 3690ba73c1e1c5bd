"""The workbook to fill in: a sheet a kind with what there is already, and one that explains it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice

from django.utils.translation import gettext

from crm.care.imports.kinds import Kind
from crm.care.imports.take import GUIDE, KINDS, titled
from engine.documents.package import MOST_ROWS
from engine.documents.plain import Plain, Sheet, write_sheets

NAME = "import.xlsx"


def template(may: Callable[[Kind], bool]) -> bytes:
    """Return the workbook of the kinds that one may take over."""
    kinds = [kind for kind in KINDS if may(kind)]
    return write_sheets([_guide(kinds), *(sheet for kind in kinds for sheet in _sheets(kind))])


def _sheets(kind: Kind) -> Iterator[Sheet]:
    """Give a sheet of a kind, and further ones where there is more than one may bring back."""
    columns = [Plain(str(column.title)) for column in kind.columns]
    lines = _lines(kind)
    for number in count(1):
        some = list(islice(lines, MOST_ROWS - 1))  # the first row has the titles
        if number > 1 and not some:
            return
        yield Sheet(titled(str(kind.title), number), columns, some)


def _lines(kind: Kind) -> Iterator[tuple[str | None, ...]]:
    for record in kind.rows():
        held = kind.held(record)
        yield tuple(
            None if held[one.name] is None else one.show(held[one.name]) for one in kind.columns
        )


def _guide(kinds: Iterable[Kind]) -> Sheet:
    titles = (gettext("Лист"), gettext("Столбец"), gettext("Нужен"), gettext("Что вписать"))
    rows = (
        (
            str(kind.title),
            str(column.title),
            gettext("да") if column.required else "",
            str(column.help),
        )
        for kind in kinds
        for column in kind.columns
    )
    return Sheet(str(GUIDE), [Plain(one) for one in titles], rows)
