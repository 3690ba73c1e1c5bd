"""What raw meat is there or will come, batch by batch (domain 10.1)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from crm.fact import Fact, Line
from crm.production.models import RawBatch
from crm.quality.usable import Use, blocked_lots
from engine.model.values import Option

YES, EXPECTED, QUARANTINE = (
    Option("yes", "Да"),
    Option("expected", "В поставке"),
    Option("quarantine", "Карантин"),
)
# A rejected batch is still there, and blocked like one in quarantine until it is sent back.
BLOCKED = (RawBatch.State.QUARANTINE, RawBatch.State.REJECTED)
NAMES = ("company", "raw_material", "nomenclature", "supplier", "created_by")


def raw_stock(condition: str) -> Iterator[Line]:
    """Give the batches of a condition of which something is left, and the expected ones.

    `available` is what is there and not reserved, of an expected batch what is to come; both in
    kilograms. Per cents are those of the last analysis. What a hold keeps from being planned is
    there as if in quarantine."""
    there = RawBatch.objects.in_stock().with_stock().filter(condition=condition)
    rows = list(there.select_related(*NAMES).prefetch_related("analyses"))
    held = blocked_lots([batch.lot_id for batch in rows], Use.PLANNING)
    for batch in rows:
        kept = batch.state in BLOCKED or batch.lot_id in held
        stock = QUARANTINE if kept else YES
        kg = vars(batch)  # `with_stock` adds to each row what is there and what of it is reserved
        yield _line(batch, stock, kg["physical"] - kg["reserved"], kg["reserved"])
    coming = RawBatch.objects.filter(condition=condition, state=RawBatch.State.EXPECTED)
    for batch in coming.select_related(*NAMES):
        yield _line(batch, EXPECTED, batch.expected_weight, None)


def _line(
    batch: RawBatch, stock: Option, available: Decimal | None, reserved: Decimal | None
) -> Line:
    label = f"{batch.number or 'без номера'} – {batch.supplier or 'поставщик не указан'}"
    fields = {
        "batch": batch,
        "label": label,
        "available": available,
        "reserved": reserved,
        "fat": batch.fat,
        "protein": batch.protein,
        "moisture": batch.moisture,
        "on_stock": stock,
    }
    return Line(str(batch.pk), label, fields)


FACT = Fact(
    params=("choice(chilled, frozen)",),
    result="list of raw_stock_line",
    answer=raw_stock,
    records={
        "raw_stock_line": {
            "batch": "raw_batch",
            "label": "text",
            "available": "number kg?",
            "reserved": "number kg?",
            "fat": "number %?",
            "protein": "number %?",
            "moisture": "number %?",
            "on_stock": "choice(yes, expected, quarantine)",
        }
    },
)
