"""Whether what an order is planned of is free (domain 5.3)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import not_free
from crm.production.models import MincedOrder


def order_stock_is_free(order: MincedOrder) -> bool:
    """Tell whether every line can be reserved now."""
    return not_free(order) is None


FACT = Fact(params=("minced_order",), result="bool", answer=order_stock_is_free)
