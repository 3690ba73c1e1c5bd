"""The mixes that stand on the lines (domain 5.4)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Mix
from crm.production.models.mix import ON_LINE


def mixes_on_line() -> Iterator[Mix]:
    """Give the mixes that hold a place on a line, in the order of their orders."""
    rows = Mix.objects.filter(state__in=ON_LINE).select_related("order__recipe")
    yield from rows.order_by("order_id", "index")


FACT = Fact(params=(), result="list of mix", answer=mixes_on_line)
