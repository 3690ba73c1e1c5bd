"""What a box weighs (domain 13.7)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.production.boxes import BOX_TARE


def box_tare() -> Decimal:
    """Return the kilograms of an empty box."""
    return BOX_TARE


FACT = Fact(params=(), result="number kg", answer=box_tare)
