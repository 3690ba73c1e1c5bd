"""Who got what left for customers (domain 5.8, 14.2): under which lots the books have it. вторфарш
leaves under its own lots and not under that of its pallet. Start at `left_as`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from crm.production.models import SecondMinced, ShipmentPallet

_SHIPMENT = (
    "shipment__shipped_at",
    "pk",
    "returned",
    "shipment__customer__name",
    "shipment__customer__contacts",
    "shipment__number",
)


@dataclass(frozen=True, slots=True)
class Left:
    """A lot that left in a shipment: how many kilograms of it (None: all that the pallet has), for
    whom, when; whether the customer gave it back later."""

    lot: int
    kg: Decimal | None
    at: datetime
    line: int
    back: bool
    customer: str
    contacts: str
    shipment: str


def left_as(lots: Collection[int]) -> list[Left]:
    """Return the ways on which lots left, the earliest first, in two queries; what a customer gave
    back is there too, as it was with him."""
    lines = ShipmentPallet.objects.filter(
        Q(removed_at=None) | Q(returned=True), shipment__shipped_at__isnull=False
    ).order_by()
    whole = lines.filter(pallet__lot__in=lots).values_list("pallet__lot", *_SHIPMENT)
    rework = lines.filter(
        pallet__items__lot__in=lots,
        pallet__items__lot__second_minced__kind=SecondMinced.Kind.REWORK,
    ).values_list("pallet__items__lot", "pallet__items__kg", *_SHIPMENT)
    found = [Left(lot, None, *shipment) for lot, *shipment in whole]
    found += [Left(lot, kg, *shipment) for lot, kg, *shipment in rework]
    return sorted(found, key=lambda one: (one.at, one.line))
