"""Whether a pallet that is to be accepted is still in a shocker (domain 4.37)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.by_hand import GOODS, pallets_of
from crm.production.models import Pallet


def pallet_is_freezing(goods: str, number: int) -> bool:
    """Tell whether a pallet of this number freezes and none waits to be accepted."""
    rows = pallets_of(goods).filter(number=number)
    return rows.filter(state=Pallet.State.FREEZING).exists()


FACT = Fact(params=(GOODS, "integer"), result="bool", answer=pallet_is_freezing)
