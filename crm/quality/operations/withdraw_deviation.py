"""Take back a request for a decision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.ledger.operations.move_state import move_state
from crm.people.models import Person
from crm.quality.models import Deviation
from crm.work.models import Task
from crm.work.operations.task import end_tasks

TAKEN_BACK_FROM = (Deviation.State.OPEN, Deviation.State.APPROVED)


@transaction.atomic
def withdraw_deviation(by: Person | None, *, deviation_id: UUID, reason: str, at: datetime) -> bool:
    """Withdraw a request, or an approval of a value that was changed; tell whether it was
    withdrawn.

    A rejection stays, and so does what was saved with a lot."""
    deviation = (
        Deviation.objects.select_for_update()
        .filter(pk=deviation_id, state__in=TAKEN_BACK_FROM, lot__isnull=True)
        .first()
    )
    if deviation is None:
        return False
    move_state(
        deviation,
        "withdraw",
        sources=TAKEN_BACK_FROM,
        to=Deviation.State.WITHDRAWN,
        by=by,
        at=at,
        reason=reason,
    )
    end_tasks(
        by,
        subject=Deviation.RECORD,
        subject_id=str(deviation_id),
        state=Task.State.CANCELLED,
        at=at,
    )
    return True
