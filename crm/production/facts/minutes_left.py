"""How long a load must still stand (domain Q8)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.production.models import FreezerLoad
from crm.production.unloading import left_of, minutes_of


def minutes_left(load: FreezerLoad) -> int:
    """Return the begun minutes until a load is due; 0 when its time is over."""
    return minutes_of(left_of(load, timezone.now()))


FACT = Fact(params=("freezer_load",), result="integer", answer=minutes_left)
