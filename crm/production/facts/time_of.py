"""A time as the people of the plant say it (domain 4.16, 4.29, 4.30, 4.36)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from crm.fact import Fact
from crm.production.day import said_time


def time_of(moment: datetime) -> str:
    """Say «10:32»; of another day «21.11 10:32»."""
    return said_time(moment, timezone.now())


FACT = Fact(params=("datetime",), result="text", answer=time_of)
