"""How much a mix is (domain 4.42)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.ledger.stock import physical
from crm.production.models import Mix
from crm.production.shares import share_of


def mix_kg(mix: Mix) -> Decimal:
    """Return what a mix takes, or took, of its order; of one without an order what there is."""
    if mix.order is None:
        return physical(mix.lot)
    return sum((kg for _, kg in share_of(mix)), Decimal(0))


FACT = Fact(params=("mix",), result="number kg", answer=mix_kg)
