"""Whether an order can still be cancelled as a whole (domain 5.3)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import MincedOrder
from crm.production.models.mix import DISCHARGED


def no_mix_discharged(order: MincedOrder) -> bool:
    """Tell whether no mix has left the mixer."""
    return not order.mixes.filter(state__in=DISCHARGED).exists()


FACT = Fact(params=("minced_order",), result="bool", answer=no_mix_discharged)
