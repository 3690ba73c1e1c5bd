"""A composition that is being made, a line each (domain 4.11, 4.17)."""

from __future__ import annotations

from collections.abc import Sequence

from crm.fact import Fact, Line
from crm.production.models import Blank, RawBatch
from engine.languages.message import Message, listed
from engine.model.values import show_number


def plan_text(lines: Sequence[Line]) -> str:
    """Say «1. 2011/3 (Каркас) – 1 000,000 кг» and so on; a line of вторфарш has no number yet."""
    return listed([_line(index, line) for index, line in enumerate(lines, 1)], "\n")


def _line(index: int, line: Line) -> Message:
    kg = show_number(line.fields["kg"], 3)
    batch, blank = line.fields["batch"], line.fields["blank"]
    if isinstance(batch, RawBatch):
        values = {"material": str(batch.raw_material), "number": str(batch)}
        return Message("{i}. {number} ({material}) – {kg} кг").with_values(
            {"i": str(index), "kg": kg, **values}
        )
    if isinstance(blank, Blank):
        return Message("{i}. заготовка {number} – {kg} кг").with_values(
            {"i": str(index), "number": str(blank), "kg": kg}
        )
    return Message("{i}. вторфарш – {kg} кг").with_values({"i": str(index), "kg": kg})


FACT = Fact(params=("list of plan_line",), result="text", answer=plan_text)
