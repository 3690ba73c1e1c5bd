"""What transitions need, on Django: records that move, places of resources, timers of states."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import get_language

from crm.asked_once import is_remembered, lasting, remembered
from crm.audit.operations.overwrite import Difference, Why, differing, keep
from crm.bridge.chats import WAITS, DjangoChats
from crm.bridge.connection import locking, part
from crm.bridge.facts import DjangoFacts
from crm.bridge.failures import DjangoFailures, broken
from crm.bridge.just_read import JustRead
from crm.bridge.keys import key_of
from crm.bridge.outbox import DjangoOutbox
from crm.bridge.people import person_of
from crm.bridge.persons import alike
from crm.bridge.reads import make_reads
from crm.bridge.records import (
    LOCKED,
    RECORDS,
    find,
    just_read,
    leads_to,
    read_at_once,
    row_of,
)
from crm.bridge.tasks import DjangoTasks
from crm.by_key import brought
from crm.ledger.models import StateHistory
from crm.ledger.operations.move_state import Stateful, change_state
from crm.prepared import MOMENT, NUMBER, OTHER_TEXT, TEXT, Prepared
from crm.production.lines import PLACES, STOPS, places, stops
from crm.production.operations.places import free_place, keep_waiting, take_place
from crm.together import Question, answered, ask_ahead
from crm.whole import whole
from crm.work.models import Timer
from crm.work.operations.timers import keep_alarm, plan_alarm, rung
from engine.errors import EngineError
from engine.model.conversation import Actor
from engine.model.values import Option, Row, Value
from engine.model.work import Alarm, Holder
from engine.plant_ports import Change, Queue
from engine.ports import Context
from engine.run.failing import TRIES
from engine.run.lives import Lives, Run
from engine.run.program import Program
from engine.schema.lifecycle import SAME

STANDING = "standing"  # a question that is remembered
SHORT = 40  # rows; a longer queue is dearer to read with others than alone
LONG: set[Queue] = set()  # those that were longer when they were read last


class LockedRecords:
    """The Records port: rows are read under their lock. With `skip` nobody is waited for where
    queues and states are looked at."""

    def __init__(
        self, program: Program, read: JustRead | None = None, *, skip: bool = False
    ) -> None:
        self.program, self.read, self.skip = program, read or JustRead(), skip

    def patient(self) -> LockedRecords:
        """Return the same records that sees nothing of a queue of which somebody holds a row: one
        that is missing in it would let those behind it pass (domain 6.3)."""
        return LockedRecords(self.program, self.read, skip=True)

    def get(self, kind: str, identity: str) -> Row | None:
        """Return a record with every field, locked until the transaction ends."""
        if kind not in RECORDS or key_of(identity) is None:
            return None
        try:
            found = find(kind, identity, lock=True)
        except EngineError:
            return None
        return self.read.keep(row_of(found, kind), found)

    def look(self, queues: Collection[Queue], records: Collection[tuple[str, str]]) -> None:
        """Lock queues and then records by one statement. What was asked before it is asked anew:
        it may have waited."""
        there = sorted(one for one in records if one[0] in RECORDS and key_of(one[1]) is not None)
        if connection.features.has_select_for_update:
            parts = [] if self.skip else [_locks_of_queue(*queue) for queue in queues]
            parts += [(_locks_of_record(kind), (int(identity),)) for kind, identity in there]
            selects = (  # what Django compiled
                f"SELECT 1 FROM ({part}) AS part_{at}"  # noqa: S608
                for at, (part, _) in enumerate(parts)
            )
            sql = " UNION ALL ".join(selects)
            if sql:
                with connection.cursor() as cursor:
                    cursor.execute(sql, [value for _, values in parts for value in values])
        for queue in () if self.skip else queues:
            remembered((LOCKED, *queue), lambda: True)
        for kind, identity in there:
            lasting((LOCKED, kind, identity), lambda: True)
        read_at_once(there)
        ask_ahead(looked_at(queues))

    def standing(self, kind: str, field: str, *states: str) -> tuple[Row, ...]:
        """Return the records of a kind that are in a state, oldest first, locked: dispatchers of
        one queue go one at a time. The records that they lead to are read with them: the order of
        a queue asks for those of every row. None when `skip` left one of them to who holds it."""
        if kind not in RECORDS:
            raise EngineError(f"no rows of {kind}")
        queue = kind, field, states
        needs = connection.features.has_select_for_update and not is_remembered((LOCKED, *queue))

        def read() -> tuple[Row, ...]:
            if needs and self.skip and queue not in LONG and not answered(_read_standing(*queue)):
                return ()
            held = _lock_standing(*queue, skip=self.skip).rows() if needs else []
            if needs and self.skip and not held:  # all that stands there
                return ()
            found = answered(_read_standing(*queue))
            (LONG.add if len(found) > SHORT else LONG.discard)(queue)
            if needs and self.skip and {row.pk for row in found} != {key for (key,) in held}:
                return ()
            if len(found) > 1:
                models.prefetch_related_objects(found, *leads_to(kind))
            just_read(kind, found)
            language = get_language()
            return tuple(self.read.keep(row_of(row, kind, language), row) for row in found)

        return remembered((STANDING, *queue), read)

    def move(self, record: Row, change: Change, by: Actor | None, at: datetime) -> Row:
        """Move a state by compare-and-set. Raises Refused when somebody was first."""
        self.read.forget()
        row = find(record.kind, record.id, lock=True)
        values = {name: _column(value) for name, value in change.sets.items()}
        why = Why(person_of(by) if by else None, at, change.reason)
        corrected = _corrected(row, change, values) if by else ()
        values_now = change_state(
            cast(Stateful, row),
            change.transition,
            sources=[change.source],
            to=change.to,
            by=why.by,
            at=at,
            reason=change.reason,
            values=values,
            field=change.field,
        )
        keep(row, corrected, why)
        after = brought(row, values_now)
        just_read(record.kind, [after])
        return row_of(after, record.kind)

    def entry(self, record: Row, field: str) -> str:
        """Return what names the present entry of a state: the line of history that entered it."""
        line = self._entered(record, field)
        return str(line[0]) if line else "0"

    def since(self, record: Row, field: str) -> datetime | None:
        """Return when the present state was entered; None when no line of history did it."""
        line = self._entered(record, field)
        return line[1] if line else None

    def _entered(self, record: Row, field: str) -> tuple[int, datetime] | None:
        machines = self.program.lifecycles.values()
        life = next(
            one.lifecycle
            for one in machines
            if (one.lifecycle.record, one.lifecycle.field) == (record.kind, field)
        )
        stays = {
            name for name, forms in life.transitions.items() for form in forms if form.to == SAME
        }
        asked = _entries(tuple(life.transitions), tuple(sorted(stays)))
        return next(iter(asked.rows(_named(record), record.id)), None)

    def version(self, record: Row) -> int:
        """Return how many changes a record had."""
        return next((count for (count,) in CHANGES.rows(_named(record), record.id)), 0)

    def waits(self, kind: str, field: str, why: Mapping[str, str]) -> None:
        """Keep why records wait; an empty text takes it away."""
        keep_waiting(record=kind, field=field, why=why)


# What every look at the queues asks, and reads the same until something is written.
LOOKED_AT: tuple[Question, ...] = tuple(
    (asked, ()) for asked in (PLACES, STOPS, broken(TRIES), WAITS)
)


def looked_at(queues: Collection[Queue]) -> list[Question]:
    """Return what a look at some queues asks, to be asked ahead."""
    short = (queue for queue in queues if queue not in LONG)
    return [*LOOKED_AT, *((_read_standing(*queue), ()) for queue in short)]


def _standing(kind: str, field: str, *states: str) -> models.QuerySet[Any]:
    return RECORDS[kind].all().filter(**{f"{field}__in": states}).order_by("pk")


@cache
def _read_standing(kind: str, field: str, states: tuple[str, ...]) -> Prepared:
    return Prepared(lambda: _standing(kind, field, *states))


@cache
def _lock_standing(kind: str, field: str, states: tuple[str, ...], *, skip: bool) -> Prepared:
    return Prepared(lambda: locking(_standing(kind, field, *states), skip=skip))


@cache
def _locks_of_queue(kind: str, field: str, states: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    sql, params = locking(_standing(kind, field, *states)).query.sql_with_params()
    return sql, tuple(params)


@cache
def _locks_of_record(kind: str) -> str:
    rows = locking(RECORDS[kind].model._default_manager.filter(pk=NUMBER))
    sql, params = rows.query.sql_with_params()
    if params != (NUMBER,):
        raise EngineError(f"a lock of {kind} asks for {params}")
    return sql


def _named(record: Row) -> str:
    """Return how history names a kind of record."""
    return str(getattr(RECORDS[record.kind].model, "RECORD", record.kind))


CHANGES = Prepared(
    lambda record, identity: (
        StateHistory.objects.filter(record=record, record_id=identity)
        .order_by()
        .values("record")
        .annotate(count=models.Count("pk"))
        .values_list("count")
    ),
    TEXT,
    OTHER_TEXT,
)


@cache
def _entries(names: tuple[str, ...], stays: tuple[str, ...]) -> Prepared:
    """Return the last line of history by one of the transitions that entered a state."""
    return Prepared(
        lambda record, identity: (
            StateHistory.objects.filter(record=record, record_id=identity, transition__in=names)
            .exclude(transition__in=stays, from_state=models.F("to_state"))
            .order_by("-at", "-id")
            .values_list("pk", "at")[:1]
        ),
        TEXT,
        OTHER_TEXT,
    )


def _corrected(
    row: models.Model, change: Change, values: Mapping[str, Any]
) -> Sequence[Difference]:
    """Return which values a person overwrites who leaves the state as it is: there the change of
    values is all that happened. Who or what a record leads to is told by its operation."""
    if change.source != change.to:
        return ()
    plain = {name: new for name, new in values.items() if not isinstance(change.sets[name], Row)}
    return [one for one in differing(row, plain) if not one.first]


def _column(value: Value) -> Any:
    """Return a value as a column takes it."""
    if isinstance(value, Option):
        return value.code
    return int(value.id) if isinstance(value, Row) else value


class DjangoResources:
    """The Resources port."""

    def holders(self, resource: str) -> tuple[Holder, ...]:
        """Return who holds places of a resource, in the order of taking."""
        return tuple(
            Holder(row.record, row.record_id, row.title, timezone.localtime(row.since))
            for row in places()
            if row.resource == resource
        )

    def stopped(self, resource: str) -> str:
        """Return why no new work enters a resource."""
        found = (row.reason for row in stops() if row.resource == resource)
        return next(found, "")

    def take(self, resource: str, capacity: int, record: Row, lifecycle: str, at: datetime) -> None:
        """Take a place. Raises Refused when every place is held."""
        take_place(
            resource=resource,
            capacity=capacity,
            record=record.kind,
            record_id=record.id,
            title=record.title,
            lifecycle=lifecycle,
            at=at,
        )

    def free(self, resource: str, record: Row, lifecycle: str) -> None:
        """Free the place of a record."""
        free_place(resource=resource, record=record.kind, record_id=record.id, lifecycle=lifecycle)


class DjangoAlarms:
    """The Alarms port: timers of states are rows beside those of deviations."""

    def plan(self, alarm: Alarm) -> None:
        """Keep a timer; the same one of the same entry rings next at its new time."""
        plan_alarm(**_columns(alarm), due_at=alarm.due)

    def keep(self, alarm: Alarm) -> None:
        """Keep a timer unless the same one of the same entry is kept, or has rung."""
        keep_alarm(**_columns(alarm), due_at=alarm.due)

    @whole
    def due(self, now: datetime, count: int) -> tuple[Alarm, ...]:
        """Return timers whose time has come, earliest first, and count them as rung."""
        skip = connection.features.has_select_for_update_skip_locked
        rows = _due(count, skip=skip).rows(now)
        rung(rows, now)
        return tuple(_alarm(row) for row in rows)

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""
        return next(iter(answered(NEXT)), None)


NEXT = Prepared(lambda: Timer.objects.of_states().waiting().values_list("due_at", flat=True)[:1])


@cache
def _due(count: int, *, skip: bool) -> Prepared:
    return Prepared(
        lambda now: Timer.objects.of_states().due(now).select_for_update(skip_locked=skip)[:count],
        MOMENT,
    )


def _columns(alarm: Alarm) -> dict[str, str]:
    return {
        "kind": alarm.name,
        "subject": alarm.record,
        "subject_id": alarm.record_id,
        "state_entry": f"{alarm.lifecycle}:{alarm.state}:{alarm.entry}",
    }


def _alarm(row: Timer) -> Alarm:
    lifecycle, state, entry = row.state_entry.split(":")
    due = timezone.localtime(row.due_at)
    return Alarm(row.subject, row.subject_id, lifecycle, state, entry, row.kind, due)


def make_lives(program: Program, run: Run) -> Lives:
    """Return what transitions of a program need; `run` runs an operation."""
    read = JustRead()

    def running(operation: str, given: Mapping[str, Value], context: Context) -> Row | None:
        read.forget()
        return run(operation, given, context)

    reads = make_reads(program.zone)
    return Lives(
        program,
        LockedRecords(program, read),
        DjangoResources(),
        DjangoTasks(),
        DjangoAlarms(),
        DjangoOutbox(),
        replace(reads, facts=DjangoFacts(read)),
        part,
        running,
        DjangoChats(),
        DjangoFailures(),
        alike=alike,
    )
