"""Which stations stood still in a period, and for how long (domain 6.6, 10.11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from crm.fact import Fact, Line
from crm.production.models import Stop


def stops_in(period: tuple[datetime, datetime]) -> Iterator[Line]:
    """Give the stops that touch the period, by their beginning. `minutes` are whole ones inside the
    period alone, so that the days of a long stop add up; one that lasts is counted until now."""
    begins, ends = period
    now = timezone.now()
    over_later = Q(ended_at__isnull=True) | Q(ended_at__gt=begins)
    rows = Stop.objects.filter(over_later, at__lt=ends).select_related("by", "ended_by")
    for stop in rows.order_by("at", "pk"):
        inside = min(stop.ended_at or now, ends) - max(stop.at, begins)
        fields = {
            "station": stop.title or stop.resource,
            "reason": stop.reason,
            "by": stop.by,
            "at": stop.at,
            "ended_by": stop.ended_by,
            "ended_at": stop.ended_at,
            "minutes": max(inside, timedelta(0)) // timedelta(minutes=1),
        }
        yield Line(str(stop.pk), str(stop), fields)


FACT = Fact(
    params=("period",),
    result="list of stop_line",
    answer=stops_in,
    records={
        "stop_line": {
            "station": "text",
            "reason": "text",
            "by": "person",
            "at": "datetime",
            "ended_by": "person?",
            "ended_at": "datetime?",
            "minutes": "integer",
        }
    },
)
