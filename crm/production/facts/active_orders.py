"""The orders that are made today (domain 4.34, 4.35)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crm.fact import Fact
from crm.production.day import span_of
from crm.production.models import MincedOrder, Mix


def active_orders() -> Iterator[MincedOrder]:
    """Give the orders in work, and those whose mixes left the mixer in this production day: a
    by-product is weighed also after its order is finished. The oldest first."""
    begins, _ = span_of(timezone.now())
    today = Mix.objects.filter(order=OuterRef("pk"), produced_at__gte=begins)
    rows = MincedOrder.objects.filter(Q(state=MincedOrder.State.ACTIVE) | Exists(today))
    yield from rows.select_related("recipe").order_by("created_at", "pk")


FACT = Fact(params=(), result="list of minced_order", answer=active_orders)
