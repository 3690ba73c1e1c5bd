"""How many kilograms of each raw batch went into each mix of an order (domain 10.7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q

from crm.fact import Fact, Line
from crm.ledger.models import Lot
from crm.ledger.trace import Way, lots_of
from crm.production.daily import sources
from crm.production.models import MincedOrder, MixUse, Pallet, PalletItem, RawBatch, SecondMinced


def order_raw_use(order: MincedOrder) -> Iterator[Line]:
    """Give a line for each raw batch and mix, those behind blanks too, then the second-minced lots
    with the raw batches that they are made of; kilograms are those of the write-off to the gram."""
    uses = MixUse.objects.filter(mix__order=order, undone_by=None).order_by("mix__index", "pk")
    uses = uses.select_related("mix", "lot__blank").prefetch_related(
        "lot__blank__items__batch__lot"
    )
    found: dict[tuple[Lot, int], Decimal] = defaultdict(Decimal)
    for use in uses:
        for lot, kg in sources(use):
            found[lot, use.mix.index] += kg
    said = _said({lot for lot, _ in found})
    pallets = _pallets(order)
    ordered = sorted(found.items(), key=lambda one: (said[one[0][0].pk]["order"], one[0][1]))
    for number, ((lot, index), kg) in enumerate(ordered):
        mine = said[lot.pk]
        fields = {**mine, "mix": index, "pallets": pallets.get(index), "kg": kg}
        yield Line(str(number), str(mine["number"]), {name: fields[name] for name in FIELDS})


def _said(lots: set[Lot]) -> dict[int, Mapping[str, Any]]:
    """Return what is told of lots, by their ids; `order` puts raw batches, by age, first."""
    found: dict[int, Mapping[str, Any]] = {}
    batches = RawBatch.objects.filter(lot__in=lots).select_related("supplier", "raw_material")
    for batch in batches.prefetch_related("analyses__separator", "analyses__separator_mode"):
        analysis = batch.analysis
        found[batch.lot_id] = {
            "order": (0, batch.pk),
            "number": batch.full_number,
            "supplier": str(batch.supplier or "") or None,
            "material": str(batch.raw_material or ""),
            "whole": batch.weight_received,
            "condition": batch.get_condition_display() or None,
            "separator": str(analysis.separator) if analysis else None,
            "separator_mode": str(analysis.separator_mode) if analysis else None,
        }
    for second in SecondMinced.objects.filter(lot__in=lots):
        behind = RawBatch.objects.filter(lot__in=lots_of([second.lot_id], Way.BACKWARD))
        sources_ = ", ".join(batch.full_number for batch in behind.order_by("pk"))
        found[second.lot_id] = {
            **dict.fromkeys(FIELDS),
            "order": (1, second.pk),
            "number": f"{second.year}-{second.number}",
            "supplier": sources_ or None,
            "material": str(second.get_kind_display()),
            "whole": second.net,
        }
    return found


def _pallets(order: MincedOrder) -> dict[int, str]:
    """Return the numbers of the pallets of each mix, by its index."""
    items = PalletItem.objects.filter(~Q(pallet__state=Pallet.State.CANCELLED))
    items = items.filter(lot__mix__order=order).order_by("pallet__number")
    found: dict[int, list[str]] = defaultdict(list)
    for index, number in items.values_list("lot__mix__index", "pallet__number"):
        found[index].append(str(number))
    return {index: ", ".join(numbers) for index, numbers in found.items()}


FIELDS = {
    "number": "text",
    "supplier": "text?",
    "material": "text",
    "whole": "number kg?",
    "condition": "text?",
    "separator": "text?",
    "separator_mode": "text?",
    "mix": "integer",
    "pallets": "text?",
    "kg": "number kg",
}
FACT = Fact(
    params=("minced_order",),
    result="list of order_raw_line",
    answer=order_raw_use,
    records={"order_raw_line": FIELDS},
)
