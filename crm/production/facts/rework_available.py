"""How much вторфарш may be planned (domain 4.18, Q13)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.production.rework import available


def rework_available() -> Decimal:
    """Return the free kilograms of all lots that no hold keeps from planning."""
    return available()


FACT = Fact(params=(), result="number kg", answer=rework_available)
