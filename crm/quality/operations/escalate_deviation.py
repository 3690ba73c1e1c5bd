"""Raise the level of a deviation that nobody decided in time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.ledger.operations.move_state import write_history
from crm.own_words import DECISION_IS_LATE
from crm.quality.models import Deviation
from crm.work.models import Task


@transaction.atomic
def escalate_deviation(*, deviation_id: UUID, level: int, at: datetime) -> Deviation | None:
    """Raise an open deviation and its task to a level, once; None when it waits no more or was
    raised already."""
    moments = {1: {"warned_at": at}, 2: {"breached_at": at}, 3: {}}[level]
    raised = Deviation.objects.filter(
        pk=deviation_id, state=Deviation.State.OPEN, level__lt=level
    ).update(level=level, **moments)
    if not raised:
        return None
    deviation = Deviation.objects.get(pk=deviation_id)
    Task.objects.waiting().filter(deviation=deviation).update(level=level)
    write_history(
        deviation,
        str(level - 1),
        str(level),
        "escalate",
        by=None,
        at=at,
        reason=DECISION_IS_LATE,
    )
    return deviation
