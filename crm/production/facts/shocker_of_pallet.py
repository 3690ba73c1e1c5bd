"""In which shocker a pallet is (domain 4.37)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.by_hand import GOODS, pallets_of
from crm.production.models import FreezerLoad, Pallet
from crm.production.models.freezing import HOLDS_A_SLOT


def shocker_of_pallet(goods: str, number: int) -> str:
    """Say the number of the shocker; empty when it is in none."""
    pallets = pallets_of(goods).filter(number=number, state=Pallet.State.FREEZING)
    load = FreezerLoad.objects.filter(pallet__in=pallets, state__in=HOLDS_A_SLOT).first()
    return str(load.freezer.number) if load else ""


FACT = Fact(params=(GOODS, "integer"), result="text", answer=shocker_of_pallet)
