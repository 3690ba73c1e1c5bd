"""The load by which a pallet goes into a shocker (domain 4.34)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import FreezerLoad, Pallet


def loads_of_pallet(pallet: Pallet) -> Iterator[FreezerLoad]:
    """Give the loads of a pallet that are being saved."""
    yield from pallet.loads.filter(state=FreezerLoad.State.NEW).order_by("pk")


FACT = Fact(params=("pallet",), result="list of freezer_load", answer=loads_of_pallet)
