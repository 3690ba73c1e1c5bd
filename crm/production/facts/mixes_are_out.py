"""Whether an order has no more work (domain 5.3)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import MincedOrder, Mix

OVER = (Mix.State.FINISHED, Mix.State.CANCELLED)


def mixes_are_out(order: MincedOrder) -> bool:
    """Tell whether every mix is finished or cancelled."""
    return not order.mixes.exclude(state__in=OVER).exists()


FACT = Fact(params=("minced_order",), result="bool", answer=mixes_are_out)
