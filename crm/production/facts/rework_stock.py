"""Which вторфарш there is (domain 10.3)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.by_hand import registered
from crm.production.models import SecondMinced


def rework_stock() -> Iterator[SecondMinced]:
    """Give the lots of which something is free, oldest first."""
    yield from (second for second, _ in registered("rework"))


FACT = Fact(params=(), result="list of second_minced", answer=rework_stock)
