"""When a load is due (domain Q8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from crm.fact import Fact
from crm.production.models import FreezerLoad


def due_of(load: FreezerLoad) -> datetime:
    """Return the moment `min_minutes` of the freezer after the load was put in, or after now."""
    began = load.loaded_at or timezone.now()
    return began + timedelta(minutes=load.freezer.min_minutes)


FACT = Fact(params=("freezer_load",), result="datetime", answer=due_of)
