"""What a composition that is being made would be, in words (domain Q1)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crm.fact import Fact, Line
from crm.production.blend import Part, blend, part_of_batch, part_of_blank
from crm.production.models import Blank, RawBatch
from crm.production.told import parts


def blend_text(lines: Sequence[Line]) -> str:
    """Say Б, Ж and В over the analysed mass only, and how much is not analysed; of which nothing
    is, there is no data."""
    return parts(blend(part_of_line(line) for line in lines))


def part_of_line(line: Line) -> Part:
    """Return a line of a composition as a component; вторфарш has no analysis."""
    kg, batch, blank = line.fields["kg"], line.fields["batch"], line.fields["blank"]
    amount = kg if isinstance(kg, Decimal) else Decimal(0)
    if isinstance(batch, RawBatch):
        return part_of_batch(batch, amount)
    return part_of_blank(blank, amount) if isinstance(blank, Blank) else Part(amount)


FACT = Fact(params=("list of plan_line",), result="text", answer=blend_text)
