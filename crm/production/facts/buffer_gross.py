"""What the boxes of the open buffer pallet weigh with it (domain 4.33)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.production.buffer import collecting


def buffer_gross() -> Decimal:
    """Return its gross kilograms so far."""
    pallet = collecting()
    return (pallet.gross or Decimal(0)) if pallet else Decimal(0)


FACT = Fact(params=(), result="number kg", answer=buffer_gross)
