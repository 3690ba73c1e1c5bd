"""Which loads were put into freezers in a period, and how long they stood too long (domain
10.11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from crm.fact import Fact, Line
from crm.production.models import FreezerLoad
from engine.model.values import Option


def freezer_loads_in(period: tuple[datetime, datetime]) -> Iterator[Line]:
    """Give the loads by the moment they were loaded at. `over` are whole minutes between the time a
    load was due at and the time it was taken out, or now while it stands; empty while it is not
    late, and for one that was voided."""
    begins, ends = period
    rows = FreezerLoad.objects.filter(loaded_at__gte=begins, loaded_at__lt=ends)
    rows = rows.select_related("freezer", "mix", "pallet").order_by("loaded_at", "pk")
    now = timezone.now()
    for load in rows:
        state = Option(load.state, load.get_state_display())
        fields = {"load": load, "state": state, "over": _over(load, now)}
        yield Line(str(load.pk), str(load), fields)


def _over(load: FreezerLoad, now: datetime) -> int | None:
    if load.due_at is None or load.state == FreezerLoad.State.VOIDED:
        return None
    late = (load.unloaded_at or now) - load.due_at
    return late // timedelta(minutes=1) if late > timedelta(0) else None


FACT = Fact(
    params=("period",),
    result="list of freezer_load_line",
    answer=freezer_loads_in,
    records={
        "freezer_load_line": {
            "load": "freezer_load",
            "state": f"choice({', '.join(FreezerLoad.State.values)})",
            "over": "integer?",
        }
    },
)
