"""What a composition that is being made would be (domain Q1)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crm.fact import Fact, Line
from crm.production.blend import Part, blend, part_of_batch, part_of_blank
from crm.production.models import Blank, RawBatch


def blend_of(lines: Sequence[Line]) -> Line:
    """Return Б, Ж and В over the analysed mass only, and how much is not analysed."""
    made = blend(part_of_line(line) for line in lines)
    return Line(
        "blend",
        "",
        {
            "fat": made.fat,
            "protein": made.protein,
            "moisture": made.moisture,
            "unanalysed": made.unanalysed,
            "unanalysed_percent": made.unanalysed_percent,
        },
    )


def part_of_line(line: Line) -> Part:
    """Return a line of a composition as a component; вторфарш has no analysis."""
    kg, batch, blank = line.fields["kg"], line.fields["batch"], line.fields["blank"]
    amount = kg if isinstance(kg, Decimal) else Decimal(0)
    if isinstance(batch, RawBatch):
        return part_of_batch(batch, amount)
    return part_of_blank(blank, amount) if isinstance(blank, Blank) else Part(amount)


FACT = Fact(
    params=("list of plan_line",),
    result="blend",
    answer=blend_of,
    records={
        "blend": {
            "fat": "number %?",
            "protein": "number %?",
            "moisture": "number %?",
            "unanalysed": "number kg",
            "unanalysed_percent": "number %?",
        }
    },
)
