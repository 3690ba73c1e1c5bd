"""Open and close tasks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from crm.ledger.operations.move_state import move_state
from crm.whole import whole
from crm.work.models import Task

if TYPE_CHECKING:
    from crm.people.models import Person

WAITING = (Task.State.OPEN, Task.State.CLAIMED)


@whole
def open_task(
    *, kind: str, title: str, subject: str, subject_id: str, role: str, at: datetime, **more: Any
) -> Task:
    """Return the open task of a subject and kind, made when there is none."""
    task, _ = Task.objects.get_or_create(
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        state__in=WAITING,
        defaults={
            "title": title[:300],
            "role": role,
            "created_at": at,
            "state": Task.State.OPEN,
            **more,
        },
    )
    return task


@transaction.atomic
def end_tasks(
    by: Person | None, *, subject: str, subject_id: str, state: Task.State, at: datetime
) -> int:
    """Close the open tasks of a subject as done or cancelled; return how many."""
    tasks = list(
        Task.objects.select_for_update()
        .filter(subject=subject, subject_id=subject_id, state__in=WAITING)
        .order_by("pk")
    )
    for task in tasks:
        move_state(
            task,
            "complete" if state == Task.State.DONE else "cancel",
            sources=WAITING,
            to=state,
            by=by,
            at=at,
            values={"ended_at": at},
        )
    return len(tasks)
