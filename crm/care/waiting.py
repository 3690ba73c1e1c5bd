"""«Здоровье» (domain 11.5): what stands where and for how long, what it waits for, what is late,
what was not delivered, what failed; and what can only be a fault of the program.

It looks and changes nothing. Start at `summary`; `detailed` names every record. The command says
it in Russian, the page of the office in the language of who reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from crm.bridge.records import RECORDS
from crm.bridge.standing import verify_work
from crm.bridge.waits import waits_of
from crm.jobs.models import Job
from crm.ledger.models import StateHistory
from crm.ledger.verify import Found, one_moment, verify
from crm.outbox.models import Notice
from crm.own_words import own
from crm.production.models import Place
from crm.production.models.stations import Waiting
from crm.work.models import Task
from engine.languages.message import Message, listed
from engine.model.values import show_length
from engine.run.machine import LifecycleMachine
from engine.run.program import Program

DETAILED = ("blank", "minced_order", "mix")  # what the plant asks after one by one
AT_ONCE = 10_000  # records that one question names
SINCE = Message("{what} — {count}, с {since}, {length}")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report; a `fault` must be empty, or the program is wrong."""

    title: str
    lines: tuple[str, ...]
    fault: bool = False


def summary(program: Program, now: datetime) -> Iterator[Part]:
    """Give the parts of the report, also the empty ones."""
    yield from standing(program, now)
    with one_moment():
        faults = [one for one in (*verify(), *verify_work(program)) if one.count]
    yield Part(Message("Что не сходится"), tuple(map(_fault, faults)), fault=True)


def standing(program: Program, now: datetime) -> Iterator[Part]:
    """Give the parts that cost little however old the plant is: all but the look at the books."""
    yield Part(Message("Записи по статусам"), tuple(_states(program, now)))
    yield Part(Message("Чего ждут"), tuple(_reasons(program, now)))
    yield Part(Message("Просроченные задачи"), tuple(_late(now)))
    yield Part(Message("Недоставленные уведомления"), tuple(_undelivered(now)))
    yield Part(Message("Сорвавшаяся фоновая работа"), tuple(_failed(now)))
    yield Part(Message("Занятые места без записи на них"), tuple(_left(program)), fault=True)


def detailed(program: Program, now: datetime) -> Iterator[Part]:
    """Give every blank, order and mix that is not finished: where it stands, since when, why."""
    waits = waits_of(program)
    why = {
        (one.record, one.record_id): waits.get((one.record, one.why), one.why)
        for one in Waiting.objects.all()
    }
    tasks: dict[tuple[str, str], str] = {}
    for task in Task.objects.waiting():
        tasks.setdefault((task.subject, task.subject_id), task.title or task.kind)
    for machine in _machines(program):
        life = machine.lifecycle
        if life.record not in DETAILED:
            continue
        rows = list(_going(machine).order_by("pk"))
        came = _came(life.record, [str(row.pk) for row in rows], set(life.states))
        lines = []
        for row in rows:
            key = (life.record, str(row.pk))
            said = {
                "record": str(row),
                "state": life.states[str(getattr(row, life.field))].title,
                "length": _ago(came.get(str(row.pk)), now),
                "why": why.get(key) or tasks.get(key) or Message("ничего не ждёт"),
            }
            lines.append(Message("{record}: {state}, {length} — {why}", said))
        titled = Message("{title} ({code})", {"title": life.title, "code": life.lifecycle})
        yield Part(titled, tuple(lines))


def _machines(program: Program) -> Iterator[LifecycleMachine]:
    for _name, machine in sorted(program.lifecycles.items()):
        if machine.lifecycle.record in RECORDS:
            yield machine


def _going(machine: LifecycleMachine) -> QuerySet[Any]:
    """Return the records in states that lead on."""
    life = machine.lifecycle
    going = [state for state, form in life.states.items() if not form.final]
    return RECORDS[life.record].model._default_manager.filter(**{f"{life.field}__in": going})


def _texts(rows: QuerySet[Any], field: str) -> dict[str, str]:
    """Return the state of each row by its key, both as texts."""
    return {str(pk): str(state) for pk, state in rows.values_list("pk", field)}


def _came(record: str, ids: list[str], states: Iterable[str]) -> dict[str, datetime]:
    """Return when each record last came into one of these states; a question names so many, since a
    database takes no statement with more."""
    came: dict[str, datetime] = {}
    moved = StateHistory.objects.filter(record=record, to_state__in=states).order_by()
    for at in range(0, len(ids), AT_ONCE):
        some = moved.filter(record_id__in=ids[at : at + AT_ONCE])
        came |= dict(some.values_list("record_id").annotate(Max("at")))
    return came


def _states(program: Program, now: datetime) -> Iterator[str]:
    for machine in _machines(program):
        life = machine.lifecycle
        rows = [
            (str(pk), str(state)) for pk, state in _going(machine).values_list("pk", life.field)
        ]
        came = _came(life.record, [pk for pk, _ in rows], set(life.states))
        counted: dict[str, list[datetime]] = {}
        for pk, state in rows:
            counted.setdefault(state, []).append(came.get(pk, now))
        for state, moments in counted.items():
            said = {
                "title": life.title,
                "state": life.states[state].title,
                "count": str(len(moments)),
                "length": _ago(min(moments), now),
            }
            yield Message("{title}: {state} — {count}, дольше всех {length}", said)


def _reasons(program: Program, now: datetime) -> Iterator[str]:
    """Give each cause with how many records wait for it and since when the first of them does."""
    every, waits = (one.lifecycle for one in _machines(program)), waits_of(program)
    lives = {(life.record, life.field): life for life in every}
    causes: dict[tuple[str, str, str], list[str]] = {}
    for one in Waiting.objects.exclude(why=""):
        causes.setdefault((one.record, one.field, one.why), []).append(one.record_id)
    for (record, field, why), ids in sorted(causes.items(), key=lambda one: (-len(one[1]), one[0])):
        life = lives.get((record, field))  # a mix has several of them
        said = waits.get((record, why), why)
        what = Message("{title}: {why}", {"title": life.title if life else record, "why": said})
        came = _came(record, ids, set(life.states)) if life else {}
        yield _since(what, len(ids), min(came.values(), default=now), now)


def _late(now: datetime) -> Iterator[str]:
    late = Task.objects.overdue(now).order_by().values_list("kind", "role")
    for kind, role, count, first in late.annotate(Count("id"), Min("breach_at")).order_by("kind"):
        yield _since(f"{kind} ({role})", count, first, now)


def _undelivered(now: datetime) -> Iterator[str]:
    dead = Notice.objects.undelivered().order_by().values_list("last_error")
    for error, count, first in dead.annotate(Count("id"), Min("created_at")).order_by("last_error"):
        yield _since(own(error) or Message("причина не записана"), count, first, now)


def _failed(now: datetime) -> Iterator[str]:
    failed = Job.objects.filter(state=Job.State.FAILED).order_by()
    found = failed.values_list("name", "last_error").annotate(Count("id"), Min("ended_at"))
    for name, error, count, first in found.order_by("name", "last_error"):
        yield _since(f"{name}: {error}", count, first, now)


def _left(program: Program) -> Iterator[str]:
    """Name the places held by what is gone or is in a state that occupies nothing."""
    held: dict[tuple[str, str], list[Place]] = {}
    for place in Place.objects.order_by("resource", "slot"):
        held.setdefault((place.lifecycle, place.record), []).append(place)
    for (lifecycle, record), places in held.items():
        machine = program.lifecycles.get(lifecycle)
        states: dict[str, str] = {}
        if machine is not None and record in RECORDS:
            rows = RECORDS[record].model._default_manager
            found = rows.filter(pk__in=[place.record_id for place in places])
            states = {
                str(pk): str(state)
                for pk, state in found.values_list("pk", machine.lifecycle.field)
            }
        for place in places:
            state = states.get(place.record_id)
            form = machine.state(state) if machine is not None and state else None
            if form is None or not form.occupies:
                yield f"{place.resource} {place.slot}: {place.title or place.record_id} ({state})"


def _fault(found: Found) -> str:
    said = {
        "title": found.title,
        "count": str(found.count),
        "examples": listed(found.examples, "; "),
    }
    return Message("{title}: {count} ({examples})", said)


def _since(what: str, count: int, first: datetime, now: datetime) -> str:
    since = f"{timezone.localtime(first):%d.%m.%Y %H:%M}"
    length = _ago(first, now)
    return SINCE.with_values({"what": what, "count": str(count), "since": since, "length": length})


def _ago(since: datetime | None, now: datetime) -> str:
    return show_length(now - since) if since else Message("неизвестно сколько")
