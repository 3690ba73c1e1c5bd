"""What a blank is by the weights that are being entered (domain 4.12)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from crm.fact import Fact, Line
from crm.production.blend import blend, part_of_batch
from crm.production.models import Blank
from crm.production.told import composition


def weighed_text(blank: Blank, lines: Sequence[Line]) -> str:
    """Say the lines with their actual kilograms, in the order of the blank's items, and the Б, Ж
    and В that come of them."""
    items = blank.items.select_related("batch__raw_material")
    weighed = [
        (item.batch, kg)
        for item, line in zip(items, lines, strict=False)
        if isinstance(kg := line.fields["actual"], Decimal)
    ]
    return composition(weighed, blend(part_of_batch(batch, kg) for batch, kg in weighed))


FACT = Fact(params=("blank", "list of weighed_line"), result="text", answer=weighed_text)
