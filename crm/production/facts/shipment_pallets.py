"""What a shipment takes, pallet by pallet (domain 10.12)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from crm.fact import Fact, Line
from crm.ledger.trace import Way, lots_of
from crm.production.models import Mix, RawBatch, Shipment
from crm.production.operations.accept_pallet import items_of
from crm.production.operations.weigh_pallet import produced_on
from crm.production.stocked import kept_as


def shipment_pallets(shipment: Shipment) -> Iterator[Line]:
    """Give a line of each pallet that is in a shipment, by number, with the raw batches behind."""
    for line in shipment.lines.filter(removed_at=None).select_related("pallet__recipe"):
        pallet = line.pallet
        items = items_of(pallet)
        records = [item.lot.record for item in items]
        mixes = ", ".join(str(one) for one in records if isinstance(one, Mix))
        behind = lots_of(kept_as(pallet, items), Way.BACKWARD)
        raw = RawBatch.objects.filter(lot__in=behind).order_by("pk")
        yield Line(
            str(line.pk),
            str(pallet),
            {
                "pallet": pallet,
                "recipe": str(pallet.recipe or ", ".join(map(str, records))),
                "mix": mixes or None,
                "produced_on": produced_on(pallet),
                "best_before": pallet.best_before,
                "gross": pallet.gross or Decimal(0),
                "pallet_weight": pallet.pallet_weight or Decimal(0),
                "packaging_weight": pallet.packaging_weight or Decimal(0),
                "net": pallet.net or Decimal(0),
                "raw": ", ".join(batch.full_number for batch in raw),
            },
        )


FACT = Fact(
    params=("shipment",),
    result="list of shipment_line",
    answer=shipment_pallets,
    records={
        "shipment_line": {
            "pallet": "pallet",
            "recipe": "text",
            "mix": "text?",
            "produced_on": "date?",
            "best_before": "date?",
            "gross": "number kg",
            "pallet_weight": "number kg",
            "packaging_weight": "number kg",
            "net": "number kg",
            "raw": "text",
        }
    },
)
