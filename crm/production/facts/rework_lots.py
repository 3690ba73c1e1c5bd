"""Which lots of вторфарш would be drawn next (domain 4.18)."""

from __future__ import annotations

from collections.abc import Sequence

from crm.fact import Fact, Line
from crm.production.rework import planned_of, stock
from engine.languages.message import Message, listed
from engine.model.values import show_number


def rework_lots(lines: Sequence[Line]) -> str:
    """Say «2211/1/Вторфарш – 250,000 кг, …», oldest first, without what the composition already
    draws; empty when nothing is left."""
    drawn = planned_of(lines)
    said = []
    for lot, free in stock():
        part = min(free, drawn)
        drawn -= part
        if free > part:
            values = {"number": str(lot), "kg": show_number(free - part, 3)}
            said.append(Message("{number} – {kg} кг", values))
    return listed(said) if said else Message("")


FACT = Fact(params=("list of plan_line",), result="text", answer=rework_lots)
