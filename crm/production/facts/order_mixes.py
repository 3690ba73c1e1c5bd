"""The mixes of an order (domain 5.3)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import MincedOrder, Mix


def order_mixes(order: MincedOrder) -> Iterator[Mix]:
    """Give the mixes that are not cancelled, by index."""
    yield from order.mixes.exclude(state=Mix.State.CANCELLED).order_by("index")


FACT = Fact(params=("minced_order",), result="list of mix", answer=order_mixes)
