"""Which pallets an order gave, where they stood and to whom they left (domain 10.7)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from crm.fact import Fact, Line
from crm.production.models import FreezerLoad, MincedOrder, Pallet, ShipmentPallet
from crm.quality.open_holds import held_by


def order_pallets(order: MincedOrder) -> Iterator[Line]:
    """Give a line of each pallet that carries a mix of an order, by day and number: its mixes, its
    shipment (the last one, also when it came back), weights, the freezer that it or its mix stood
    in, open holds."""
    rows = Pallet.objects.filter(items__lot__mix__order=order).distinct()
    rows = rows.exclude(state=Pallet.State.CANCELLED).order_by("production_day", "number", "pk")
    pallets = list(rows.prefetch_related("items__lot__mix"))
    held = held_by([one.lot_id for one in pallets])
    for pallet in pallets:
        mixes = [item.lot.mix for item in pallet.items.all() if hasattr(item.lot, "mix")]
        indexes = "+".join(str(mix.index) for mix in mixes if mix.order_id == order.pk)
        left = _left(pallet)
        stood = FreezerLoad.objects.filter(Q(pallet=pallet) | Q(mix__in=mixes))
        stood = stood.exclude(state=FreezerLoad.State.VOIDED).select_related("freezer")
        load = stood.order_by("-loaded_at").first()
        fields = {
            "label": f"{order.recipe}/{indexes}/{pallet.number}",
            "customer": str(left.shipment.customer) if left else None,
            "shipment": left.shipment.number if left else None,
            "net": pallet.net,
            "gross": pallet.gross,
            "pallet_weight": pallet.pallet_weight,
            "packaging_weight": pallet.packaging_weight,
            "freezer": str(load.freezer) if load else None,
            "core_temp": load.core_temp_out if load else None,
            "held": held.get(pallet.lot_id),
        }
        yield Line(str(pallet.pk), str(pallet), fields)


def _left(pallet: Pallet) -> ShipmentPallet | None:
    rows = ShipmentPallet.objects.filter(Q(removed_at=None) | Q(returned=True), pallet=pallet)
    return rows.select_related("shipment__customer").order_by("-pk").first()


FACT = Fact(
    params=("minced_order",),
    result="list of order_pallet_line",
    answer=order_pallets,
    records={
        "order_pallet_line": {
            "label": "text",
            "customer": "text?",
            "shipment": "text?",
            "net": "number kg?",
            "gross": "number kg?",
            "pallet_weight": "number kg?",
            "packaging_weight": "number kg?",
            "freezer": "text?",
            "core_temp": "number °C?",
            "held": "text?",
        }
    },
)
