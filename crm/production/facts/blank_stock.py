"""Which blanks there are of a product line, with what they are made of (domain 10.2, 10.3)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from crm.fact import Fact, Line
from crm.production.component_waits import free_of_blank
from crm.production.models import Blank, RawBatch
from crm.quality.usable import Use, blocked_lots
from engine.model.values import Option

YES, QUARANTINE = Option("yes", "Да"), Option("quarantine", "Карантин")
STATES = (Blank.State.DEFROSTED, Blank.State.READY)


def blank_stock(product_line: str) -> Iterator[Line]:
    """Give a line of each available blank with its free kilograms (of one that is only defrosted,
    what its usual loss leaves: domain 4.15), then one of each component with its own kilograms."""
    blanks = Blank.objects.filter(product_line=product_line, state__in=STATES)
    rows = list(blanks.select_related("lot").order_by("arrival_date", "pk"))
    held = blocked_lots([blank.lot_id for blank in rows], Use.PLANNING)
    for blank in rows:
        free = free_of_blank(blank)
        if free <= 0:
            continue
        stock = QUARANTINE if blank.lot_id in held else YES
        yield _line(blank, None, free, blank, stock)
        for item in blank.items.select_related("batch__raw_material"):
            kg = item.kg_planned if item.kg_actual is None else item.kg_actual
            yield _line(blank, item.batch, kg, item.batch, None)


def _line(
    blank: Blank,
    batch: RawBatch | None,
    kg: Decimal,
    known: Blank | RawBatch,
    stock: Option | None,
) -> Line:
    title = str(batch or blank)
    fields = {
        "blank": blank,
        "label": None if batch else str(blank),
        "batch": batch,
        "kg": kg,
        "fat": known.fat,
        "protein": known.protein,
        "moisture": known.moisture,
        "on_stock": stock,
    }
    return Line(f"{blank.pk}/{batch.pk if batch else ''}", title, fields)


FACT = Fact(
    params=("choice(mmo, mko)",),
    result="list of blank_stock_line",
    answer=blank_stock,
    records={
        "blank_stock_line": {
            "blank": "blank",
            "label": "text?",
            "batch": "raw_batch?",
            "kg": "number kg",
            "fat": "number %?",
            "protein": "number %?",
            "moisture": "number %?",
            "on_stock": "choice(yes, quarantine)?",
        }
    },
)
