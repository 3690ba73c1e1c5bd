"""What was made in a period, recipe by recipe (domain 10.5, block 2), and what of it is blocked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import count

from crm.fact import Fact, Line
from crm.production.daily import made_pallets


def daily_output(period: tuple[datetime, datetime]) -> Iterator[Line]:
    """Give the net of accepted pallets of mince by recipe and by the reason that forbids to ship
    them: a line without a reason is what the day gave."""
    sums: dict[tuple[str, str | None], Decimal] = {}
    for one in made_pallets(period):
        why = f"{one.hold.get_kind_display()}: {one.hold.reason}" if one.hold else None
        sums[one.recipe, why] = sums.get((one.recipe, why), Decimal(0)) + one.net
    index = {True: count(1), False: count(1)}  # of what is blocked, of what is not
    for number, ((recipe, why), kg) in enumerate(sums.items()):
        fields = {"index": next(index[why is not None]), "recipe": recipe, "why": why, "kg": kg}
        yield Line(str(number), recipe, fields)


FACT = Fact(
    params=("period",),
    result="list of daily_output_line",
    answer=daily_output,
    records={
        "daily_output_line": {
            "index": "integer",
            "recipe": "text",
            "why": "text?",
            "kg": "number kg",
        }
    },
)
