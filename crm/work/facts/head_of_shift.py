"""Who headed the shift of a moment (domain 10.4: the head signs an act)."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.fact import Fact
from crm.people.models import Person
from crm.production.day import shift_began
from crm.work.models import Handover

NEAR = timedelta(hours=2)  # a shift is handed over at most so long before or after it begins


def head_of_shift(role: str, at: datetime | None) -> Person | None:
    """Return the holder of a role who took the shift of a moment; the only holder where nobody of
    the role took it. None where that is nobody or several: whose signature it is nobody can tell.
    """
    if at is not None:
        began = shift_began(at)
        taken = Handover.objects.filter(
            whole=True,
            state=Handover.State.ACCEPTED,
            created_at__range=(began - NEAR, began + NEAR),
            taken_by__in=Person.objects.holding(role),
        )
        last = taken.order_by("taken_at").select_related("taken_by").last()
        if last is not None:
            return last.taken_by
    found = list(Person.objects.holding(role)[:2])
    return found[0] if len(found) == 1 else None


FACT = Fact(params=("role", "datetime?"), result="person?", answer=head_of_shift)
