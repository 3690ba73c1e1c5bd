"""What a blank is made of, and what it is (domain 4.11)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Blank
from crm.production.told import composition, of_blank


def blank_text(blank: Blank) -> str:
    """Say the lines of a blank, as weighed where they are, then Б, Ж and В."""
    lines = blank.items.select_related("batch__raw_material")
    said = [
        (line.batch, line.kg_planned if line.kg_actual is None else line.kg_actual)
        for line in lines
    ]
    return composition(said, of_blank(blank))


FACT = Fact(params=("blank",), result="text", answer=blank_text)
