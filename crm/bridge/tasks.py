"""Work that waits: the Tasks port over rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from crm.asked_once import lasting, remembered
from crm.bridge.connection import locking
from crm.bridge.keys import key_of
from crm.bridge.people import person_of
from crm.prepared import KEY, MOMENT, NUMBER, OTHER_TEXT, TEXT, Prepared
from crm.production.models import Place
from crm.quality.models import Deviation
from crm.spans import from_json, to_json
from crm.together import answered
from crm.work.models import Session
from crm.work.models import Task as TaskRow
from crm.work.operations.record_task import (
    create_task,
    end_task,
    raise_task,
    reissue_task,
    release_task,
    take_task,
)
from engine.errors import Refusal, Refused
from engine.languages import packed
from engine.languages.message import Message
from engine.model.conversation import Actor
from engine.model.values import Row
from engine.model.work import DECISION, Receivers, Signature, Task, TaskWanted
from engine.run.cards import ended, is_for, may_do, taken
from engine.run.stored import pack, unpack

SYSTEM = Message("Система")
NO_TASK = Refusal("Этой задачи больше нет")
WAITING = (TaskRow.State.OPEN, TaskRow.State.CLAIMED)
MOST_LEVEL = 3  # nothing reminds of such a task any more
SIGNATURE = tuple(Signature.__dataclass_fields__)


class DjangoTasks:
    """The Tasks port."""

    def create(self, wanted: TaskWanted, at: datetime) -> Task:
        """Open a task; the open one of the same record and kind is returned as it is."""
        row, opened = create_task(
            kind=wanted.kind,
            title=wanted.title,
            subject=wanted.record,
            subject_id=wanted.record_id,
            lifecycle=wanted.lifecycle,
            roles=list(wanted.to.roles),
            people=list(wanted.to.people),
            body=_body(wanted),
            warn_s=wanted.warn_s,
            breach_s=wanted.breach_s,
            behind_s=wanted.behind_s(),
            level=wanted.level,
            at=at,
        )
        return replace(_task(row), opened=opened)

    def get(self, task: str) -> Task | None:
        """Return a task."""
        row = _row(task)
        return _task(row) if row else None

    def of(self, record: str, identity: str) -> tuple[Task, ...]:
        """Return the open and claimed tasks of a record, oldest first."""
        rows = OF_RECORD.rows(record, identity)
        for row in rows:  # whoever ends one of them need not read it again
            remembered((TaskRow, row.pk), partial(_itself, row))
        return tuple(_task(row) for row in rows)

    def at(self, resource: str) -> tuple[Task, ...]:
        """Return the open and claimed tasks of what holds places of a resource, oldest first."""
        return tuple(_task(row) for row in AT.rows(resource))

    def of_kinds(self, *wanted: tuple[str, str]) -> Mapping[tuple[str, str, str], str]:
        """Return the ids of the open and claimed tasks of some kinds about records of a kind, by
        these and the ids of the records: one statement."""
        found = _of_kinds(frozenset(wanted)).rows() if wanted else ()
        return {(record, kind, about): str(task) for record, kind, about, task in found}

    def had(self, record: Row, lifecycle: str, kind: str, since: datetime | None) -> bool:
        """Tell whether a record has had a task since a moment, also one that has ended."""
        rows = TaskRow.objects.of_records().filter(
            subject=record.kind, subject_id=record.id, lifecycle=lifecycle, kind=kind
        )
        return (rows.filter(created_at__gte=since) if since else rows).exists()

    def of_session(self, session: str) -> Task | None:
        """Return the task that a form does."""
        row = next(iter(OF_SESSION.rows(UUID(session))), None)
        return _task(row) if row else None

    def claim(self, task: str, actor: Actor, session: str, at: datetime) -> Task | Refusal:
        """Take an open task. Refused when somebody has it, with who and when."""
        row = _row(task, lock=True)
        if (
            row is not None
            and row.state == TaskRow.State.CLAIMED
            and str(row.person_id) != actor.id
        ):
            return taken(_task(row))
        return self._taken(row, actor, session, at)

    def take_over(self, task: str, actor: Actor, session: str, at: datetime) -> Task | Refusal:
        """Take a task, also from another person."""
        return self._taken(_row(task, lock=True), actor, session, at)

    def _taken(
        self, row: TaskRow | None, actor: Actor, session: str, at: datetime
    ) -> Task | Refusal:
        if row is None:
            return NO_TASK
        if row.state not in WAITING:
            return ended(_task(row))
        form = UUID(session) if session else None
        return _task(take_task(person_of(actor), task=row, session=form, at=at))

    def release(self, task: str, at: datetime) -> Task | None:
        """Put a claimed task back; None when it is not claimed."""
        row = _row(task, lock=True)
        if row is None or row.state != TaskRow.State.CLAIMED:
            return None
        return _task(release_task(task=row, at=at))

    def complete(self, task: str, actor: Actor | None, at: datetime) -> Task | None:
        """End a task as done; None when it waits no more."""
        return self._ended(task, actor, TaskRow.State.DONE, at, "")

    def cancel(self, task: str, why: str, at: datetime) -> Task | None:
        """End a task that is not wanted any more; None when it waits no more."""
        return self._ended(task, None, TaskRow.State.CANCELLED, at, why)

    def _ended(
        self, task: str, actor: Actor | None, state: TaskRow.State, at: datetime, why: str
    ) -> Task | None:
        row = _row(task)
        if row is None or row.state not in WAITING:
            return None
        by = person_of(actor) if actor and actor.id else None
        body = {**row.body, "why": packed.pack(why)} if why else None
        try:
            return _task(end_task(by, task=row, state=state, at=at, why=why, body=body))
        except Refused:  # somebody has ended it since it was read
            return None

    def reissue(self, task: str, at: datetime) -> Task | None:
        """Count that its messages are made again; None when it waits no more."""
        del at
        row = _row(task)
        if row is None or row.state not in WAITING:
            return None
        reissue_task(task_id=row.pk)
        return self.get(task)

    def idle(self, since: datetime) -> tuple[Task, ...]:
        """Return claimed tasks whose form was not answered since a moment."""
        return tuple(_task(row) for row in answered(IDLE, since))

    def late(self, now: datetime) -> tuple[tuple[Task, int], ...]:
        """Raise the tasks that wait too long, a level at a time, each level once."""
        found: list[tuple[Task, int]] = []
        for row in answered(LATE, now):
            task = _task(row)
            while task.late(now) and raise_task(task=row, at=now):
                row.level += 1
                task = _task(row)
                found.append((task, task.level))
        return tuple(found)

    def next_late(self) -> datetime | None:
        """Return when the next task will have waited too long: one row a level and a `breach`,
        however many tasks wait."""
        moments = (_next_level(*row) for row in answered(NEXT_LATE))
        return min((one for one in moments if one is not None), default=None)

    def kinds_for(self, actor: Actor) -> tuple[str, ...]:
        """Return the kinds of the waiting tasks that a person may do, in no order, with a DECISION
        for each open request of a form that his roles may decide: one statement, which reads
        neither what they say nor who has them."""
        return tuple(
            kind
            for kind, roles, people, signature, decide in answered(KINDS)
            if is_for(
                actor,
                Receivers(roles if decide is None else decide, people),
                signature["excluded"] if signature else (),
            )
        )

    def open_for(self, actor: Actor, now: datetime) -> tuple[Task, ...]:
        """Return the waiting tasks that a person may do, overdue first, then oldest."""
        mine = [task for row in ALL.rows() if may_do(actor, task := _task(row))]
        return tuple(sorted(mine, key=lambda one: (not one.overdue(now), one.created_at)))


def _waiting() -> Any:
    return (
        TaskRow.objects.of_records()
        .filter(state__in=WAITING)
        .select_related("person")
        .order_by("created_at", "pk")
    )


def _kinds() -> QuerySet[Any, Any]:
    asked = Q(deviation__state=Deviation.State.OPEN, kind=DECISION) & ~Q(deviation__step="")
    columns = ("kind", "roles", "people", "body__signature", "deviation__roles")
    rows = TaskRow.objects.filter(Q(deviation=None) | asked, state__in=WAITING)
    return rows.order_by().values_list(*columns)


def _next_level(
    level: int, breach_s: int | None, warn_at: datetime | None, breach_at: datetime | None
) -> datetime | None:
    """Return when the first of some tasks of a level will have waited for its next one, as
    `Task.next_late` does."""
    if level == 0:
        return warn_at
    if level == 1 or breach_at is None or breach_s is None:
        return breach_at
    return breach_at + timedelta(seconds=breach_s)


def _itself(row: TaskRow) -> TaskRow:
    return row


def _row(task: str, *, lock: bool = False) -> TaskRow | None:
    key = key_of(task)
    if key is None:
        return None
    if not lock:
        return remembered((TaskRow, key), lambda: next(iter(BY_KEY.rows(key)), None))
    if connection.features.has_select_for_update:
        lasting((TaskRow, key), lambda: LOCK.rows(key))
    return next(iter(BY_KEY.rows(key)), None)


def _by_key(number: int) -> QuerySet[TaskRow]:
    return TaskRow.objects.of_records().select_related("person").filter(pk=number).order_by()


BY_KEY = Prepared(_by_key, NUMBER)
LOCK = Prepared(lambda number: locking(_by_key(number)), NUMBER)
ALL = Prepared(_waiting)
KINDS = Prepared(_kinds)
OF_RECORD = Prepared(
    lambda record, identity: _waiting().filter(subject=record, subject_id=identity),
    TEXT,
    OTHER_TEXT,
)
AT = Prepared(
    lambda resource: _waiting().filter(
        Exists(
            Place.objects.filter(
                resource=resource, record=OuterRef("subject"), record_id=OuterRef("subject_id")
            )
        )
    ),
    TEXT,
)
OF_SESSION = Prepared(lambda session: _waiting().filter(session=session)[:1], KEY)
IDLE = Prepared(
    lambda since: (
        _waiting()
        .filter(state=TaskRow.State.CLAIMED, taken_at__lte=since)
        .exclude(session__in=Session.objects.filter(updated_at__gt=since).values("pk"))
    ),
    MOMENT,
)
LATE = Prepared(
    lambda now: _waiting().filter(
        Q(level=0, warn_at__lte=now) | Q(level__gte=1, breach_at__lte=now), level__lt=MOST_LEVEL
    ),
    MOMENT,
)
# The first of each level and `breach`: tasks with the same ones get to their next level in order.
NEXT_LATE = Prepared(
    lambda: (
        TaskRow.objects.of_records()
        .filter(state__in=WAITING, level__lt=MOST_LEVEL)
        .values("level", "body__breach_s")
        .annotate(first_warn=Min("warn_at"), first_breach=Min("breach_at"))
        .order_by()
        .values_list("level", "body__breach_s", "first_warn", "first_breach")
    )
)


@cache
def _of_kinds(wanted: frozenset[tuple[str, str]]) -> Prepared:
    kinds: dict[str, list[str]] = {}
    for record, kind in sorted(wanted):
        kinds.setdefault(record, []).append(kind)
    of_them = reduce(or_, (Q(subject=one, kind__in=some) for one, some in kinds.items()))
    return Prepared(
        lambda: (
            TaskRow.objects.of_records()
            .filter(of_them, state__in=WAITING)
            .order_by()
            .values_list("subject", "kind", "subject_id", "pk")
        )
    )


def _body(wanted: TaskWanted) -> dict[str, Any]:
    signature = wanted.signature
    return {
        "title": packed.pack(wanted.title),
        "text": to_json(wanted.text),
        "flow": wanted.flow,
        "given": {name: pack(value) for name, value in wanted.given.items()},
        "buttons": [[name, packed.pack(title)] for name, title in wanted.buttons],
        "claim": wanted.claim,
        "release": wanted.release,
        "warn_s": wanted.warn_s,
        "breach_s": wanted.breach_s,
        "level": wanted.level,
        "signature": {name: getattr(signature, name) for name in SIGNATURE} if signature else None,
    }


def _signature(data: Any) -> Signature | None:
    if data is None:
        return None
    roles, excluded = tuple(data["first_roles"]), tuple(data["excluded"])
    return Signature(**{**data, "first_roles": roles, "excluded": excluded})


def _task(row: TaskRow) -> Task:
    body = row.body
    wanted = TaskWanted(
        row.kind,
        row.subject,
        row.subject_id,
        packed.unpack(body.get("title", row.title)),
        from_json(body.get("text", [])),
        Receivers(tuple(row.roles), tuple(row.people)),
        row.lifecycle,
        body.get("flow", ""),
        {name: unpack(value) for name, value in body.get("given", {}).items()},
        tuple((name, packed.unpack(title)) for name, title in body.get("buttons", [])),
        body.get("claim", ""),
        body.get("release", ""),
        body.get("warn_s"),
        body.get("breach_s"),
        _signature(body.get("signature")),
        body.get("level", 0),
    )
    at = row.ended_at or row.taken_at
    person = row.person
    return Task(
        str(row.pk),
        wanted,
        str(row.state),
        timezone.localtime(row.created_at),
        str(person.pk) if person and row.state == TaskRow.State.CLAIMED else "",
        str(person) if person else SYSTEM if row.state == TaskRow.State.DONE else "",
        timezone.localtime(at) if at else None,
        str(row.session) if row.session else "",
        packed.unpack(body.get("why", row.why)),
        row.level,
        row.issue,
    )
