"""What is held of an order (domain 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import held_component
from crm.production.models import MincedOrder
from engine.languages.message import Message


def order_held_by(order: MincedOrder) -> str:
    """Say «2211/3 заблокирована: {kind}»; empty when nothing is."""
    return held_component(order) or Message("")


FACT = Fact(params=("minced_order",), result="text", answer=order_held_by)
