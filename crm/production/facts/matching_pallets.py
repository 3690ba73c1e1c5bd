"""Which pallets of a kind of goods a typed number may be (domain 4.37)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.by_hand import GOODS, pallets_of
from crm.production.models import Pallet

STATES = (Pallet.State.UNLOADED, Pallet.State.PALLETIZING, Pallet.State.OPEN)


def matching_pallets(goods: str, number: int) -> Iterator[Pallet]:
    """Give the pallets with exactly this number that may be accepted."""
    yield from pallets_of(goods).filter(number=number, state__in=STATES)


FACT = Fact(params=(GOODS, "integer"), result="list of pallet", answer=matching_pallets)
