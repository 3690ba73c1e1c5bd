"""Release what holds a mix, once its lifecycle has decided that it may be used."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.models import Hold
from crm.quality.operations.release_hold import release_hold


@transaction.atomic
def release_mix_hold(by: Person | None, *, at: datetime, mix: Mix, kind: str, reason: str) -> None:
    """Release the open holds of one kind; none changes nothing. Raises Refused without a reason of
    5 to 500 characters."""
    for hold in Hold.objects.open_on(mix.lot_id, kind):
        release_hold(by, hold=hold, reason=reason, at=at, decided=True)


OPERATION = Operation(
    {"mix": "mix", "kind": "choice(lab, antibiotic, fhp, ash)", "reason": "text"},
    release_mix_hold,
)
