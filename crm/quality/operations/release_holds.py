"""Release what holds a raw batch, once its lifecycle has decided that it may be used."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.own_words import PASSED
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold


@transaction.atomic
def release_holds(
    by: Person | None,
    *,
    at: datetime,
    batch: RawBatch,
    kind: str,
    reason: str | None = None,
    second: Person | None = None,
) -> None:
    """Release the open holds of one kind. Where two people decided, the first is kept as who asked
    and the second as who released. None changes nothing."""
    why = reason or PASSED
    for hold in Hold.objects.open_on(batch.lot_id, kind):
        if second is not None:
            release_hold(by, hold=hold, reason=why, at=at)
        release_hold(second or by, hold=hold, reason=why, at=at, decided=True)


OPERATION = Operation(
    {"batch": "raw_batch", "kind": "choice(lab, antibiotic, fhp, ash)", "reason": "text?"},
    release_holds,
)
