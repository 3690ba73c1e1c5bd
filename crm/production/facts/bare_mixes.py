"""The mixes that are left without a pallet when one is deleted (domain 11.4)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Mix, Pallet, PalletItem


def bare_mixes(pallet: Pallet) -> Iterator[Mix]:
    """Give the mixes on a pallet that are on no other one."""
    others = PalletItem.objects.exclude(pallet=pallet)
    others = others.exclude(pallet__state=Pallet.State.CANCELLED)
    rows = Mix.objects.filter(lot__pallet_items__pallet=pallet, state=Mix.State.ON_PALLETS)
    yield from rows.exclude(lot__in=others.values("lot")).order_by("pk")


FACT = Fact(params=("pallet",), result="list of mix", answer=bare_mixes)
