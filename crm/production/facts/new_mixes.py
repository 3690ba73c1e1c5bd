"""The mixes that a change added to an order (domain 4.47)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import MincedOrder, Mix


def new_mixes(order: MincedOrder) -> Iterator[Mix]:
    """Give the mixes that are not queued yet, by index."""
    yield from order.mixes.filter(state=Mix.State.NEW).order_by("index")


FACT = Fact(params=("minced_order",), result="list of mix", answer=new_mixes)
