"""The stations that can be stopped (domain 6.6)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact, Line
from crm.production.capacity import stations
from crm.production.models import Stop
from crm.production.stops import station


def running_stations() -> Iterator[Line]:
    """Give those that do not stand still, in the order of the forms."""
    stopped = {*Stop.objects.standing().values_list("resource", flat=True)}
    yield from (station(code) for code in stations() if code not in stopped)


FACT = Fact(params=(), result="list of station", answer=running_stations)
