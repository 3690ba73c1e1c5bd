"""A time as the people of the plant say it (domain 4.15, 4.16, 4.26, 4.29, 4.30, 4.36)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from crm.fact import Fact
from crm.production.day import said_time
from engine.model.values import NOTHING


def time_of(moment: datetime | None) -> str:
    """Say «10:32»; of another day «21.11 10:32»; «—» when it is not given."""
    return NOTHING if moment is None else said_time(moment, timezone.now())


FACT = Fact(params=("datetime?",), result="text", answer=time_of)
