"""Columns out of rows: rows that are equal in all other columns become one, with a cell for each
value of a field. Numbers that meet in a cell are added, exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.documents.order import compare, key
from engine.documents.tables import Column, Group, Line, Table
from engine.errors import EngineError
from engine.model.values import Value
from engine.schema.report import SUM, ColumnForm, PivotForm


def pivoted(table: Table, pivot: PivotForm, excel: str) -> Table:
    """Return a table whose rows carry the columns of its pivot; `excel` is their format."""
    found: dict[Any, Line] = {}
    for group in table.groups:
        for line in group.lines:
            found.setdefault(key(line.by), line)
    heads = sorted(found.values(), key=lambda line: cmp_to_key(compare)(line.by))
    form = ColumnForm(
        title="",
        value=pivot.cell,
        width=pivot.width,
        style=pivot.style,
        total=pivot.total,
    )
    made = (Column(head.title, excel, form, heads=head.heads) for head in heads)
    columns = [*table.columns, *made]
    if pivot.across:
        sums = form.model_copy(update={"title": pivot.across, "total": pivot.total and SUM})
        columns.append(Column(pivot.across, excel, sums, adds=len(heads)))
    keys = [key(head.by) for head in heads]
    groups = tuple(
        replace(group, lines=tuple(_joined(group, keys, bool(pivot.across))))
        for group in table.groups
    )
    return replace(table, columns=tuple(columns), groups=groups)


def _joined(group: Group, keys: list[Any], across: bool) -> Iterable[Line]:
    cells: dict[Any, dict[Any, Decimal]] = {}
    first: dict[Any, tuple[Value, ...]] = {}
    for line in group.lines:
        row = tuple(key(value) for value in line.values)
        first.setdefault(row, line.values)
        there = cells.setdefault(row, {})
        if line.cell is not None:
            if not isinstance(line.cell, Decimal | int):
                raise EngineError(f"the cell of a pivot is no number: {line.cell!r}")
            there[key(line.by)] = there.get(key(line.by), Decimal(0)) + line.cell
    for row, values in first.items():
        made = tuple(cells[row].get(one) for one in keys)
        yield Line((*values, *made, *((None,) if across else ())))
