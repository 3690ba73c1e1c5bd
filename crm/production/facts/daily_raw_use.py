"""What was used in a period, raw batch by raw batch (domain 10.5, block 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import count

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.production.daily import defrosted, used_lots
from crm.production.models import RawBatch


def daily_raw_use(period: tuple[datetime, datetime]) -> Iterator[Line]:
    """Give the raw batches by material and age, then the second-minced lots; kilograms before and
    after defrosting (Q9), per cents of the material, the separator of the last analysis."""
    used = used_lots(period)
    rows = RawBatch.objects.filter(lot__in=used).select_related("raw_material", "supplier", "lot")
    rows = rows.prefetch_related("analyses__separator", "analyses__separator_mode")
    index = count(1)
    for batch in rows.order_by("raw_material__name", "received_at", "pk"):
        yield _batch(next(index), batch, used[batch.lot])
    for lot, kg in used.items():
        if lot.kind == Lot.Kind.SECOND_MINCED:
            second = lot.second_minced
            fields = {**EMPTY, "material": str(second.get_kind_display()), "kg": kg, "after": kg}
            fields |= {"index": next(index), "number": str(second)}
            yield Line(f"lot {lot.pk}", str(second), fields)


def _batch(index: int, batch: RawBatch, kg: Decimal) -> Line:
    material, analysis = batch.raw_material, batch.analysis
    frozen = batch.condition == RawBatch.Condition.FROZEN
    fields = {
        "index": index,
        "number": str(batch),
        "exit_pct": material.exit_pct if material else None,
        "supplier": str(batch.supplier),
        "material": str(material or ""),
        "accounting_type": batch.accounting_type or None,
        "kg": kg,
        "after": defrosted(batch, kg),
        "frozen": "X" if frozen else None,
        "chilled": None if frozen else "X",
        "separator": str(analysis.separator) if analysis else None,
        "separator_mode": str(analysis.separator_mode) if analysis else None,
        "loss_pct": material.defrost_loss_pct if material and frozen else None,
    }
    return Line(str(batch.pk), str(batch), fields)


FIELDS = {
    "index": "integer",
    "number": "text",
    "exit_pct": "number %?",
    "supplier": "text?",
    "material": "text",
    "accounting_type": "text?",
    "kg": "number kg",
    "after": "number kg",
    "frozen": "text?",
    "chilled": "text?",
    "separator": "text?",
    "separator_mode": "text?",
    "loss_pct": "number %?",
}
EMPTY = dict.fromkeys(FIELDS)
FACT = Fact(
    params=("period",),
    result="list of daily_raw_line",
    answer=daily_raw_use,
    records={"daily_raw_line": FIELDS},
)
