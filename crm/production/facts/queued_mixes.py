"""How many mixes of an order wait in the queue (domain 4.27)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import MincedOrder, Mix


def queued_mixes(order: MincedOrder) -> int:
    """Count them."""
    return order.mixes.filter(state=Mix.State.QUEUED).count()


FACT = Fact(params=("minced_order",), result="integer", answer=queued_mixes)
