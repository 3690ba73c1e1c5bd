"""The pallets that go when a mix is taken back into the mixer (domain 5.4)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Mix, Pallet

REST = (Pallet.State.OPEN, Pallet.State.UNLOADED)


def pallets_to_cancel(mix: Mix) -> Iterator[Pallet]:
    """Give the pallets of this mix alone that nobody works with."""
    rows = Pallet.objects.filter(items__lot=mix.lot_id, kind=Pallet.Kind.MIX, state__in=REST)
    yield from rows.order_by("pk")


FACT = Fact(params=("mix",), result="list of pallet", answer=pallets_to_cancel)
