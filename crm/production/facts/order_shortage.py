"""Of what an order lacks (domain 5.3, 7.3)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import not_free
from crm.production.models import MincedOrder
from engine.languages.message import Message


def order_shortage(order: MincedOrder) -> str:
    """Say «2211/3: осталось 81,000 кг»; empty when all is free."""
    return not_free(order) or Message("")


FACT = Fact(params=("minced_order",), result="text", answer=order_shortage)
