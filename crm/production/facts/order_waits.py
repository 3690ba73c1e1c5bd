"""What the first mix of an order waits for, in words (domain 6.5)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import MincedOrder, Mix, Waiting


def order_waits(order: MincedOrder) -> str:
    """Return the reason of waiting of the first queued mix; empty when it is not known."""
    first = order.mixes.filter(state=Mix.State.QUEUED).order_by("index").first()
    if first is None:
        return ""
    rows = Waiting.objects.filter(record=Mix.RECORD, record_id=str(first.pk))
    return rows.values_list("why", flat=True).first() or ""


FACT = Fact(params=("minced_order",), result="text?", answer=order_waits)
