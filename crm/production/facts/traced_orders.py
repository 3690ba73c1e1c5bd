"""Which orders a workbook of traceability is about (domain 10.7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from crm.catalogue.models import Customer
from crm.fact import Fact
from crm.ledger.models import Lot
from crm.ledger.trace import Way, lots_of
from crm.production.lying import put_on
from crm.production.models import MincedOrder, PalletItem, Shipment, ShipmentPallet


def traced_orders(
    period: tuple[datetime, datetime],
    shipment: Shipment | None,
    customer: Customer | None,
    order: MincedOrder | None,
    lot: Lot | None,
) -> Iterator[MincedOrder]:
    """Give the orders, the oldest first: the one that is asked for; those that a lot (a raw batch,
    a pallet) was made of or went into; else those of which something left in a shipment, or in
    those of a period, perhaps to one customer."""
    if order is not None:
        yield order
        return
    rows = MincedOrder.objects.filter(mixes__lot__in=_lots(period, shipment, customer, lot))
    yield from rows.select_related("recipe").distinct().order_by("arrival_date", "pk")


def _lots(
    period: tuple[datetime, datetime],
    shipment: Shipment | None,
    customer: Customer | None,
    lot: Lot | None,
) -> Iterable[int]:
    if lot is not None:
        starts = {lot.pk, *put_on([lot.pk])}
        return lots_of(starts, Way.FORWARD) | lots_of(starts, Way.BACKWARD)
    left = ShipmentPallet.objects.filter(removed_at=None)
    if shipment is not None:
        left = left.filter(shipment=shipment)
    else:
        begins, ends = period
        left = left.filter(shipment__shipped_at__gte=begins, shipment__shipped_at__lt=ends)
    if customer is not None:
        left = left.filter(shipment__customer=customer)
    inside = PalletItem.objects.filter(pallet__in=left.values("pallet"))
    return inside.values_list("lot", flat=True)


FACT = Fact(
    params=("period", "shipment?", "customer?", "minced_order?", "lot?"),
    result="list of minced_order",
    answer=traced_orders,
)
