"""The stations that stand still (domain 6.6)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact, Line
from crm.production.models import Stop
from crm.production.stops import station


def stopped_stations() -> Iterator[Line]:
    """Give them, the longest stop first, with why they stand."""
    for stop in Stop.objects.standing().order_by("at", "pk"):
        yield station(stop.resource, stop.reason)


FACT = Fact(params=(), result="list of station", answer=stopped_stations)
