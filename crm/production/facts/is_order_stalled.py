"""Whether an order has stood still for two hours (domain 5.3)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from crm.fact import Fact
from crm.ledger.models import StateHistory
from crm.production.models import MincedOrder, Mix

STILL = timedelta(hours=2)
TOLD = "note_standing"  # the line of history that says that somebody was told


def is_order_stalled(order: MincedOrder) -> bool:
    """Tell whether mixes wait, the last movement of the order or of a mix is two hours old, and
    nobody was told of it since."""
    mixes = order.mixes.values_list("pk", "state")
    if not any(state == Mix.State.QUEUED for _, state in mixes):
        return False
    own = Q(record=MincedOrder.RECORD, record_id=str(order.pk))
    of_mixes = Q(record=Mix.RECORD, record_id__in=[str(pk) for pk, _ in mixes])
    last = StateHistory.objects.filter(own | of_mixes).order_by("-at", "-pk").first()
    if last is None or last.transition == TOLD:
        return False
    return timezone.now() - last.at >= STILL


FACT = Fact(params=("minced_order",), result="bool", answer=is_order_stalled)
