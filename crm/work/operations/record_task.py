"""Tasks about records: taken, given back, ended, counted. The only writers of their rows beside
`task`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F

from crm.ledger.operations.move_state import move_state, write_history
from crm.own_words import TASK_IS_LATE
from crm.whole import whole
from crm.work.models import Task
from crm.work.operations.task import WAITING, open_or_find

if TYPE_CHECKING:
    from crm.people.models import Person


@whole
def create_task(
    *,
    warn_s: int | None,
    breach_s: int | None,
    at: datetime,
    title: str,
    behind_s: int = 0,
    **more: Any,
) -> tuple[Task, bool]:
    """Open a task and say so; the open one of the same record and kind is returned as it is.
    `warn_s` and `breach_s` are seconds of waiting, of which `behind_s` count as over at `at`."""
    roles, since = more["roles"], at - timedelta(seconds=behind_s)
    return open_or_find(
        title=title,
        role=roles[0] if roles else "",
        at=at,
        warn_at=since + timedelta(seconds=warn_s) if warn_s is not None else None,
        breach_at=since + timedelta(seconds=breach_s) if breach_s is not None else None,
        **more,
    )


@whole
def take_task(by: Person, *, task: Task, session: UUID | None, at: datetime) -> Task:
    """Give a waiting task to a person and the form that does it. Raises Refused."""
    move_state(
        task,
        "claim" if task.state == Task.State.OPEN else "take_over",
        sources=WAITING,
        to=Task.State.CLAIMED,
        by=by,
        at=at,
        values={"person": by, "session": session, "taken_at": at},
    )
    task.person = by
    return task


@whole
def release_task(*, task: Task, at: datetime) -> Task:
    """Put a claimed task back. Raises Refused."""
    nobody = {"person": None, "session": None, "taken_at": None}
    move_state(
        task, "release", sources=[Task.State.CLAIMED], to=Task.State.OPEN, by=None, at=at,
        values=nobody,
    )  # fmt: skip
    return task


@whole
def end_task(
    by: Person | None,
    *,
    task: Task,
    state: Task.State,
    at: datetime,
    why: str = "",
    body: Mapping[str, Any] | None = None,
) -> Task:
    """End a waiting task as done or cancelled; `body`, if it is given, is what its card is made of
    from now on. Raises Refused."""
    values: dict[str, Any] = {"person": by, "ended_at": at, "why": why[:300]}
    if body is not None:
        values["body"] = body
    move_state(
        task,
        "complete" if state == Task.State.DONE else "cancel",
        sources=WAITING,
        to=state,
        by=by,
        at=at,
        reason=why,
        values=values,
    )
    task.person = by
    return task


def reissue_task(*, task_id: int) -> None:
    """Count that the messages of a waiting task are made again."""
    Task.objects.filter(pk=task_id, state__in=WAITING).update(issue=F("issue") + 1)


@whole
def raise_task(*, task: Task, at: datetime) -> bool:
    """Raise a waiting task by a level, once, and keep that in its history (domain 9.1.4); tell
    whether it was."""
    rows = Task.objects.filter(pk=task.pk, state__in=WAITING, level=task.level)
    raised = bool(rows.update(level=task.level + 1))
    if raised:
        before, after = str(task.level), str(task.level + 1)
        write_history(task, before, after, "escalate", by=None, at=at, reason=TASK_IS_LATE)
    return raised
