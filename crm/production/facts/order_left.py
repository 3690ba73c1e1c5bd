"""What an order keeps and its mixes have not taken (domain 5.3)."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Sum

from crm.fact import Fact
from crm.ledger.models import Reservation
from crm.production.models import MincedOrder


def order_left(order: MincedOrder) -> Decimal:
    """Return the reserved kilograms."""
    ids = order.items.values("pk")
    kept = Reservation.objects.filter(holder=Reservation.Holder.ORDER_ITEM, holder_id__in=ids)
    total: Decimal | None = kept.aggregate(kg=Sum("kg"))["kg"]
    return Decimal(0) if total is None else total


FACT = Fact(params=("minced_order",), result="number kg", answer=order_left)
