"""The mixes that an order has too many of (domain 4.47)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import MincedOrder, Mix


def surplus_mixes(order: MincedOrder) -> list[Mix]:
    """Return the queued mixes above the planned number, from the highest index."""
    live = order.mixes.exclude(state=Mix.State.CANCELLED)
    over = live.count() - order.number_mix
    queued = live.filter(state=Mix.State.QUEUED).order_by("-index")
    return list(queued[: max(over, 0)])


FACT = Fact(params=("minced_order",), result="list of mix", answer=surplus_mixes)
