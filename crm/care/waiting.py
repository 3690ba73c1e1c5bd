"""«Здоровье» (domain 11.5): what stands where and for how long, what it waits for, what is late,
what was not delivered, what failed; and what can only be a fault of the program.

It looks and changes nothing. Start at `summary`; `detailed` names every record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from crm.bridge.records import RECORDS
from crm.bridge.standing import verify_work
from crm.jobs.models import Job
from crm.ledger.models import StateHistory
from crm.ledger.verify import one_moment, verify
from crm.outbox.models import Notice
from crm.production.models import Place
from crm.production.models.stations import Waiting
from crm.work.models import Task
from engine.model.values import show_length
from engine.run.machine import LifecycleMachine
from engine.run.program import Program

DETAILED = ("blank", "minced_order", "mix")  # what the plant asks after one by one


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report; a `fault` must be empty, or the program is wrong."""

    title: str
    lines: tuple[str, ...]
    fault: bool = False


def summary(program: Program, now: datetime) -> Iterator[Part]:
    """Give the parts of the report, also the empty ones."""
    yield Part("Записи по статусам", tuple(_states(program, now)))
    yield Part("Чего ждут", tuple(_reasons()))
    yield Part("Просроченные задачи", tuple(_late(now)))
    yield Part("Недоставленные уведомления", tuple(_undelivered(now)))
    yield Part("Сорвавшаяся фоновая работа", tuple(_failed(now)))
    with one_moment():
        faults = [one for one in (*verify(), *verify_work(program)) if one.count]
    wrong = tuple(f"{one.title}: {one.count} ({'; '.join(one.examples)})" for one in faults)
    yield Part("Что не сходится", wrong, fault=True)
    yield Part("Занятые места без записи на них", tuple(_left(program)), fault=True)


def detailed(program: Program, now: datetime) -> Iterator[Part]:
    """Give every blank, order and mix that is not finished: where it stands, since when, why."""
    why = {(one.record, one.record_id): one.why for one in Waiting.objects.all()}
    tasks: dict[tuple[str, str], str] = {}
    for task in Task.objects.waiting():
        tasks.setdefault((task.subject, task.subject_id), task.title or task.kind)
    for machine in _machines(program):
        kind = machine.lifecycle.record
        if kind not in DETAILED:
            continue
        lines = []
        for row, state, since in _standing(machine):
            key = (kind, str(row.pk))
            reason = why.get(key) or tasks.get(key) or "ничего не ждёт"
            title = program.languages.say(machine.lifecycle.states[state].title, "ru")
            lines.append(f"{row}: {title}, {_ago(since, now)} — {reason}")
        yield Part(f"{machine.lifecycle.title} ({machine.lifecycle.lifecycle})", tuple(lines))


def _machines(program: Program) -> Iterator[LifecycleMachine]:
    for _name, machine in sorted(program.lifecycles.items()):
        if machine.lifecycle.record in RECORDS:
            yield machine


def _standing(machine: LifecycleMachine) -> Iterator[tuple[Any, str, datetime | None]]:
    """Give the records in states that lead on, with when they came there."""
    life = machine.lifecycle
    going = [state for state, form in life.states.items() if not form.final]
    rows = RECORDS[life.record].model._default_manager.filter(**{f"{life.field}__in": going})
    came = dict(
        StateHistory.objects.filter(record=life.record, to_state__in=going)
        .filter(record_id__in=[str(pk) for pk in rows.values_list("pk", flat=True)])
        .values_list("record_id")
        .annotate(Max("at"))
    )
    for row in rows.order_by("pk"):
        yield row, str(getattr(row, life.field)), came.get(str(row.pk))


def _states(program: Program, now: datetime) -> Iterator[str]:
    for machine in _machines(program):
        counted: dict[str, list[datetime]] = {}
        for _row, state, since in _standing(machine):
            counted.setdefault(state, []).append(since or now)
        for state, moments in counted.items():
            title = program.languages.say(machine.lifecycle.states[state].title, "ru")
            oldest = _ago(min(moments), now)
            yield f"{machine.lifecycle.title}: {title} — {len(moments)}, дольше всех {oldest}"


def _reasons() -> Iterator[str]:
    found = Waiting.objects.exclude(why="").values_list("record", "why").annotate(many=Count("id"))
    for record, why, count in found.order_by("-many", "why"):
        yield f"{record}: {why} — {count}"


def _late(now: datetime) -> Iterator[str]:
    late = Task.objects.overdue(now).order_by().values_list("kind", "role")
    for kind, role, count, first in late.annotate(Count("id"), Min("breach_at")).order_by("kind"):
        yield f"{kind} ({role}) — {count}, с {_moment(first)}, {_ago(first, now)}"


def _undelivered(now: datetime) -> Iterator[str]:
    dead = Notice.objects.undelivered().order_by().values_list("last_error")
    for error, count, first in dead.annotate(Count("id"), Min("created_at")).order_by("last_error"):
        yield f"{error or 'причина не записана'} — {count}, с {_moment(first)}, {_ago(first, now)}"


def _failed(now: datetime) -> Iterator[str]:
    failed = Job.objects.filter(state=Job.State.FAILED).order_by()
    found = failed.values_list("name", "last_error").annotate(Count("id"), Min("ended_at"))
    for name, error, count, first in found.order_by("name", "last_error"):
        yield f"{name}: {error} — {count}, с {_moment(first)}, {_ago(first, now)}"


def _left(program: Program) -> Iterator[str]:
    """Name the places held by what is gone or is in a state that occupies nothing."""
    for place in Place.objects.all():
        machine = program.lifecycles.get(place.lifecycle)
        row = None
        if machine is not None and place.record in RECORDS:
            rows = RECORDS[place.record].model._default_manager.filter(pk=place.record_id)
            row = rows.values_list(machine.lifecycle.field, flat=True).first()
        form = machine.state(str(row)) if machine is not None else None
        if form is None or not form.occupies:
            yield f"{place.resource} {place.slot}: {place.title or place.record_id} ({row})"


def _ago(since: datetime | None, now: datetime) -> str:
    return show_length(now - since) if since else "неизвестно сколько"


def _moment(at: datetime) -> str:
    return f"{at:%d.%m.%Y %H:%M}"
