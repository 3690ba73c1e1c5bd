"""Which lots of вторфарш would be drawn next (domain 4.18)."""

from __future__ import annotations

from collections.abc import Sequence

from crm.fact import Fact, Line
from crm.production.rework import left, planned_of
from crm.production.told import portions


def rework_lots(lines: Sequence[Line]) -> str:
    """Say «2211/1/Вторфарш – 250,000 кг, …», oldest first, without what the composition already
    draws; empty when nothing is left."""
    return portions(left(planned_of(lines)))


FACT = Fact(params=("list of plan_line",), result="text", answer=rework_lots)
