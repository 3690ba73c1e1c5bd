"""Whether an order has stood still for two hours (domain 5.3)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max, Q
from django.utils import timezone

from crm.fact import Fact
from crm.ledger.models import StateHistory
from crm.production.models import MincedOrder, Mix

STILL = timedelta(hours=2)
LOOKED = timedelta(minutes=30)  # how often the timer of the state asks: it tells once


def is_order_stalled(order: MincedOrder) -> bool:
    """Tell whether mixes wait and the last movement of the order or of a mix became two hours old
    since the timer asked before."""
    mixes = order.mixes.values_list("pk", "state")
    if not any(state == Mix.State.QUEUED for _, state in mixes):
        return False
    own = Q(record=MincedOrder.RECORD, record_id=str(order.pk))
    of_mixes = Q(record=Mix.RECORD, record_id__in=[str(pk) for pk, _ in mixes])
    last = StateHistory.objects.filter(own | of_mixes).aggregate(at=Max("at"))["at"]
    still = timezone.now() - last if last else timedelta(0)
    return STILL <= still < STILL + LOOKED


FACT = Fact(params=("minced_order",), result="bool", answer=is_order_stalled)
