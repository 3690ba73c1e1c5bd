"""A composition that is being made, a line each (domain 4.11, 4.17, 4.18)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crm.fact import Fact, Line
from crm.production.models import Blank, RawBatch
from crm.production.rework import drawn, planned_of
from crm.production.told import portions
from engine.languages.message import Message, listed
from engine.model.values import show_number


def plan_text(lines: Sequence[Line]) -> str:
    """Say «1. 2011/3 (Каркас) – 1 000,000 кг» and so on; of вторфарш the lots that its line would
    draw, after the lines above."""
    said = [_line(index, line, lines[: index - 1]) for index, line in enumerate(lines, 1)]
    return listed(said, "\n")


def _line(index: int, line: Line, above: Sequence[Line]) -> Message:
    kg = line.fields["kg"]
    batch, blank = line.fields["batch"], line.fields["blank"]
    values = {"i": str(index), "kg": show_number(kg, 3)}
    if isinstance(batch, RawBatch):
        values |= {"material": str(batch.raw_material), "number": str(batch)}
        return Message("{i}. {number} ({material}) – {kg} кг").with_values(values)
    if isinstance(blank, Blank):
        values |= {"number": str(blank)}
        return Message("{i}. заготовка {number} – {kg} кг").with_values(values)
    lots = drawn(kg, planned_of(above)) if isinstance(kg, Decimal) else []
    if not lots:
        return Message("{i}. вторфарш – {kg} кг").with_values(values)
    values |= {"lots": portions(lots)}
    return Message("{i}. вторфарш – {kg} кг: {lots}").with_values(values)


FACT = Fact(params=("list of plan_line",), result="text", answer=plan_text)
