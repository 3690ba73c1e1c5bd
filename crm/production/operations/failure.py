"""Count the failures of system transitions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from crm.prepared import Change, Hole
from crm.production.models import Failure

LONGEST = 300
FORGET = Change(
    lambda: (
        Failure.objects.filter(
            **{name: Hole(Failure, name) for name in ("record", "record_id", "transition")}
        ),
        None,
    )
)


@transaction.atomic
def count_failure(*, record: str, record_id: str, transition: str, why: str, at: datetime) -> int:
    """Keep that a transition of a record broke once more, and return how often it did."""
    row, new = Failure.objects.get_or_create(
        record=record,
        record_id=record_id,
        transition=transition,
        defaults={"why": why[:LONGEST], "first_at": at, "last_at": at},
    )
    if new:
        return 1
    rows = Failure.objects.filter(pk=row.pk)
    rows.update(times=F("times") + 1, why=why[:LONGEST], last_at=at)
    return rows.values_list("times", flat=True).get()


def forget_failure(*, record: str, record_id: str, transition: str) -> None:
    """Forget that a transition broke; nothing to forget changes nothing."""
    FORGET(record=record, record_id=record_id, transition=transition)
