"""Keep that a load may leave its freezer before its time (domain 4.29, 4.31, 5.6), and that it may
no more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad
from crm.quality.models import Deviation
from engine.errors import Refusal, Refused

KIND = "early_unload"
STANDS = (FreezerLoad.State.FREEZING, FreezerLoad.State.DUE, FreezerLoad.State.OVERDUE)


@transaction.atomic
def approve_early(by: Person, *, session: UUID, at: datetime, load: FreezerLoad) -> None:
    """Write on a load who approved the deviation that this form asked for, and tie the deviation to
    the lot. Whether it was approved is looked up in its row. Raises Refused when it was not, and
    for a load that is out."""
    del by, at
    if load.state not in STANDS:
        raise Refused(Refusal("Уже выгружено: {place}", {"place": load.freezer.said}))
    asked = Deviation.objects.filter(session=session, kind=KIND)
    found = asked.filter(state=Deviation.State.APPROVED).order_by("decided_at").last()
    if found is None:
        raise Refused(Refusal("Выгрузить раньше времени можно только с разрешения"))
    load.early_approved_by = found.decided_by
    load.save(update_fields=["early_approved_by"])
    lot = (load.mix or load.pallet).lot  # type: ignore[union-attr]
    asked.filter(lot__isnull=True).update(lot=lot)


OPERATION = Operation({"load": "freezer_load"}, approve_early)
