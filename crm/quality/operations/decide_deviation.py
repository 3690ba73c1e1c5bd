"""Decide on a deviation, once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.ledger.operations.move_state import move_state
from crm.people.accounts import roles_of
from crm.people.models import Person
from crm.quality.models import Deviation
from crm.work.models import Task
from crm.work.operations.task import end_tasks
from engine.errors import Refusal, Refused


@transaction.atomic
def decide_deviation(
    by: Person, *, deviation_id: UUID, state: str, comment: str, at: datetime
) -> Deviation:
    """Approve or reject: `state` is `approved` or `rejected`. The first decision wins.

    Raises Refused for another role, for a rejection without 3 to 500 characters of reason, and,
    with who and
    when, for the second one who decides."""
    if state not in (Deviation.State.APPROVED, Deviation.State.REJECTED):
        raise ValueError(f"not a decision: {state}")
    deviation = Deviation.objects.select_for_update().filter(pk=deviation_id).first()
    if deviation is None:
        raise Refused(Refusal("Запрос не найден"))
    if not by.active or roles_of(by).isdisjoint(deviation.roles):
        raise Refused(Refusal("Это решение принимает другая роль"))
    comment = comment.strip()
    if state == Deviation.State.REJECTED and not 3 <= len(comment) <= 500:
        raise Refused(Refusal("Укажите причину: от 3 до 500 знаков"))
    move_state(
        deviation,
        "approve" if state == Deviation.State.APPROVED else "reject",
        sources=[Deviation.State.OPEN],
        to=state,
        by=by,
        at=at,
        reason=comment,
        values={"decided_by": by, "decided_at": at, "comment": comment},
    )
    end_tasks(
        by, subject=Deviation.RECORD, subject_id=str(deviation_id), state=Task.State.DONE, at=at
    )
    return deviation
