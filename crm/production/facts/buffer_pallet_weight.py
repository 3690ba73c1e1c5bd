"""What the open buffer pallet itself weighs (domain 4.33)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.production.buffer import collecting


def buffer_pallet_weight() -> Decimal:
    """Return its kilograms of the empty pallet."""
    pallet = collecting()
    return (pallet.pallet_weight or Decimal(0)) if pallet else Decimal(0)


FACT = Fact(params=(), result="number kg", answer=buffer_pallet_weight)
