"""How much of a blank there is (domain 4.15)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.ledger.stock import physical
from crm.production.models import Blank


def weighed_kg(blank: Blank) -> Decimal:
    """Return the kilograms of a blank on its store; before it is weighed those that are planned."""
    if blank.weight_actual is None:
        return blank.weight_planned or Decimal(0)
    return physical(blank.lot)


FACT = Fact(params=("blank",), result="number kg", answer=weighed_kg)
