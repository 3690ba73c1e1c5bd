"""How much of a kind of goods is registered and on no pallet (domain 4.37)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.production.by_hand import GOODS, registered


def registered_kg(goods: str) -> Decimal:
    """Return the free kilograms of all such lots."""
    return sum((kg for _, kg in registered(goods)), Decimal(0))


FACT = Fact(params=(GOODS,), result="number kg", answer=registered_kg)
