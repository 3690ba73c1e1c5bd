"""The orders that are made now (domain 4.34, 4.35)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import MincedOrder


def active_orders() -> Iterator[MincedOrder]:
    """Give the orders in work, the oldest first."""
    rows = MincedOrder.objects.filter(state=MincedOrder.State.ACTIVE).select_related("recipe")
    yield from rows.order_by("created_at", "pk")


FACT = Fact(params=(), result="list of minced_order", answer=active_orders)
