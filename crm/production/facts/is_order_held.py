"""Whether a hold stands on something that an order still needs (domain 5.12)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.component_waits import held_component
from crm.production.models import MincedOrder


def is_order_held(order: MincedOrder) -> bool:
    """Tell whether a component of the mixes to come may not be used."""
    return held_component(order) is not None


FACT = Fact(params=("minced_order",), result="bool", answer=is_order_held)
