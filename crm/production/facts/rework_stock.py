"""Which вторфарш there is (domain 10.3)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import SecondMinced
from crm.production.rework import stock


def rework_stock() -> Iterator[SecondMinced]:
    """Give the lots that an order may draw, oldest first: also those on a pallet of the store,
    none that a hold keeps from planning."""
    yield from (second for second, _ in stock())


FACT = Fact(params=(), result="list of second_minced", answer=rework_stock)
