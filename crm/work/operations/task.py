"""Open and close tasks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm.fresh import fresh
from crm.ledger.operations.move_state import move_state
from crm.new_rows import insert_unless_there
from crm.prepared import OTHER_TEXT, TEXT, THIRD_TEXT, Prepared
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
    return open_or_find(
        kind=kind, title=title, subject=subject, subject_id=subject_id, role=role, at=at, **more
    )[0]


def open_or_find(
    *, kind: str, title: str, subject: str, subject_id: str, role: str, at: datetime, **more: Any
) -> tuple[Task, bool]:
    """Return the open task of a subject and kind, and whether it was made now."""
    columns = {"kind": kind, "subject": subject, "subject_id": subject_id, "role": role, **more}
    while True:
        new = insert_unless_there(fresh(Task, title=title[:300], created_at=at, **columns))
        if new is not None:
            return new, True
        for task in OPEN.rows(kind, subject, subject_id):  # unless somebody has just ended it
            return task, False


OPEN = Prepared(
    lambda kind, subject, subject_id: Task.objects.filter(
        kind=kind, subject=subject, subject_id=subject_id, state__in=WAITING
    ).order_by(),
    TEXT,
    OTHER_TEXT,
    THIRD_TEXT,
)


@whole
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
