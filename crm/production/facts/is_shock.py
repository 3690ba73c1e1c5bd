"""Whether a pallet goes into a shocker (domain 5.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix, Pallet


def is_shock(pallet: Pallet) -> bool:
    """Tell whether a mix on it has the route to a shocker."""
    return Mix.objects.filter(lot__pallet_items__pallet=pallet, order__route="shock").exists()


FACT = Fact(params=("pallet",), result="bool", answer=is_shock)
