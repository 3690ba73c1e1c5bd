"""The mixes that were done with when a pallet was accepted (domain 5.4, 5.7)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Mix, Pallet


def finished_mixes(pallet: Pallet) -> Iterator[Mix]:
    """Give the finished mixes on a pallet."""
    rows = Mix.objects.filter(lot__pallet_items__pallet=pallet, state=Mix.State.FINISHED)
    yield from rows.order_by("pk")


FACT = Fact(params=("pallet",), result="list of mix", answer=finished_mixes)
