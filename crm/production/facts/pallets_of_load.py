"""The pallets that a plate freezer was unloaded on (domain 4.29)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import FreezerLoad, Pallet


def pallets_of_load(load: FreezerLoad) -> Iterator[Pallet]:
    """Give the pallets of the load's mix that are being saved."""
    if load.mix is not None:
        rows = Pallet.objects.filter(items__lot=load.mix.lot_id, state=Pallet.State.NEW)
        yield from rows.order_by("pk")


FACT = Fact(params=("freezer_load",), result="list of pallet", answer=pallets_of_load)
