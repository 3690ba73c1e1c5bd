"""Records that other forms would strand: they stand in states that those do not know, so that no
transition would lead on from there. The checker, which reads no rows, cannot tell.

Start at `stranded`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count

from crm.bridge.records import RECORDS
from crm.bridge.versions import PROJECT, Read
from engine.errors import Finding, Place, say
from engine.run.program import Program
from engine.schema.lifecycle import Lifecycle

CODE = "F801"
Lives = Mapping[str, Lifecycle]


@dataclass(frozen=True, slots=True)
class Stranded:
    """So many records in a state that goes; titles in Russian, as the present forms have them.
    `name` is that of the lifecycle, `code` that of the state."""

    lifecycle: str
    state: str
    count: int
    name: str
    code: str


def lives_of(program: Program) -> Lives:
    """Return the lifecycles of a Program as they are written."""
    return {name: one.lifecycle for name, one in program.lifecycles.items()}


def admitted(read: Read, now: Program | None) -> Read:
    """Return what was read, as what may run in place of the present forms (None: of nothing that
    is known): not while it would strand records. What only waits for them is let in once they
    have left."""
    sound = read.program or read.waits
    if sound is None or now is None:
        return read
    found = tuple(_told(one, read) for one in stranded(lives_of(now), lives_of(sound)))
    if found:
        return replace(read, program=None, waits=sound, findings=found)
    return replace(read, program=sound, waits=None, findings=())


def _told(one: Stranded, read: Read) -> Finding:
    project = next(name for name in read.texts if name.endswith(PROJECT))
    return Finding(
        Place(read.files.get(one.name, project)),
        CODE,
        say(
            "записи «{record}» стоят в состоянии «{state}» ({code}), которого здесь больше нет",
            record=one.lifecycle,
            state=one.state,
            code=one.code,
        ),
        say("верните состояние или доведите эти записи до другого; их {count}", count=one.count),
        say("Из этого состояния их не вывел бы ни один переход, поэтому идёт прежняя версия."),
    )


def stranded(now: Lives, then: Lives) -> Iterator[Stranded]:
    """Give the states of the present lifecycles that the others do not know and records stand in.
    Of a lifecycle that goes whole, those count that lead on: who has ended waits for nothing."""
    others = {(life.record, life.field): life for life in then.values()}
    for life in now.values():
        other = others.get((life.record, life.field))
        gone = [
            state
            for state, form in life.states.items()
            if (state not in other.states if other else not form.final)
        ]
        if not gone or life.record not in RECORDS:
            continue
        rows = RECORDS[life.record].model._default_manager.filter(**{f"{life.field}__in": gone})
        counted = rows.order_by(life.field).values_list(life.field).annotate(Count("pk"))
        for state, count in counted:
            yield Stranded(life.title, life.states[state].title, count, life.lifecycle, state)
