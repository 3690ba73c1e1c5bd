"""Which second-minced lots were registered in a period (domain 10.8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crm.fact import Fact
from crm.production.models import SecondMinced


def second_minced_registered(period: tuple[datetime, datetime]) -> Iterator[SecondMinced]:
    """Give the lots by kind, then by time; a cancelled one does not count."""
    begins, ends = period
    rows = SecondMinced.objects.filter(registered_at__gte=begins, registered_at__lt=ends)
    rows = rows.exclude(state=SecondMinced.State.CANCELLED)
    yield from rows.order_by("kind", "registered_at", "pk")


FACT = Fact(params=("period",), result="list of second_minced", answer=second_minced_registered)
