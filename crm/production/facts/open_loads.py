"""The loads in which a mix stands in a freezer (domain 5.4)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import FreezerLoad, Mix

OPEN = (FreezerLoad.State.FREEZING, FreezerLoad.State.DUE, FreezerLoad.State.OVERDUE)


def open_loads(mix: Mix) -> Iterator[FreezerLoad]:
    """Give the loads of plate freezers that are not taken out."""
    yield from mix.loads.filter(state__in=OPEN).order_by("pk")


FACT = Fact(params=("mix",), result="list of freezer_load", answer=open_loads)
