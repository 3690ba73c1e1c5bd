"""Whether what is on a pallet has been in a shocker already (domain 11.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import FreezerLoad, Pallet


def was_frozen(pallet: Pallet) -> bool:
    """Tell whether any pallet of the same mixes was unloaded from a freezer."""
    lots = pallet.items.values("lot")
    out = FreezerLoad.objects.filter(state=FreezerLoad.State.UNLOADED)
    return out.filter(pallet__items__lot__in=lots).exists()


FACT = Fact(params=("pallet",), result="bool", answer=was_frozen)
