"""The mixes that a pallet accepted by hand brought (domain 4.37)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Mix, Pallet


def mixes_by_hand(pallet: Pallet) -> Iterator[Mix]:
    """Give the mixes of a pallet that are being saved."""
    yield from Mix.objects.filter(lot__pallet_items__pallet=pallet, state=Mix.State.NEW)


FACT = Fact(params=("pallet",), result="list of mix", answer=mixes_by_hand)
