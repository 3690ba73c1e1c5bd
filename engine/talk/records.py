"""The rehearsal plant's records: rows in memory, their states, histories, places and timers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from engine.errors import EngineError, Refusal, Refused
from engine.model.conversation import Actor
from engine.model.values import Row
from engine.model.vocabulary import Vocabulary
from engine.model.work import Alarm, Holder
from engine.plant_ports import Change, Queue
from engine.run.lives import SYSTEM_ACTOR
from engine.run.machine import BEFORE_BIRTH
from engine.run.program import Program
from engine.talk.memory import Changed, Held, KeptAlarm, Memory

FIRST_NUMBER = 3  # of a date: 1 and 2 belong to bone (domain 8.2)


class MemoryRecords:
    """Records with lifecycles. A record that is born into a state that goes on gets a number."""

    def __init__(self, program: Program, vocabulary: Vocabulary, memory: Memory) -> None:
        self._program, self._vocabulary, self._memory = program, vocabulary, memory

    def get(self, kind: str, identity: str) -> Row | None:
        """Return a record with every field; records within it as they stand now."""
        row = self._memory.rows.get(identity)
        return None if row is None or row.kind != kind else self._fresh(row)

    def ahead(
        self, chosen: Collection[tuple[str, str]], limits: Collection[str], at: datetime
    ) -> None:
        """Read nothing: what is in memory costs no question."""

    def _fresh(self, row: Row) -> Row:
        now = self._memory.fresh(row)
        return now if isinstance(now, Row) else row

    def look(self, queues: Collection[Queue], records: Collection[tuple[str, str]]) -> None:
        """Lock nothing: nobody else is on this plant."""

    def standing(self, kind: str, field: str, *states: str) -> tuple[Row, ...]:
        """Return the records of a kind that are in one of the states, in the order of making."""
        return tuple(
            self._fresh(row)
            for row in self._memory.rows.values()
            if row.kind == kind and (row.fields.get(field) or BEFORE_BIRTH) in states
        )

    def patient(self) -> MemoryRecords:
        """Return the same records: nobody else holds one."""
        return self

    def move(self, record: Row, change: Change, by: Actor | None, at: datetime) -> Row:
        """Move a state by compare-and-set. Raises Refused when somebody was first."""
        row = self._memory.rows.get(record.id)
        if row is None:
            raise EngineError(f"no {record.kind} {record.id}")
        history = self._memory.history.get(row.id, ())
        if (row.fields.get(change.field) or BEFORE_BIRTH) != change.source:
            last = history[-1]
            words = {"who": last.by, "when": f"{last.at:%H:%M}"}
            raise Refused(Refusal("Уже сделано: {who}, {when}", words))
        fields = {**row.fields, **change.sets, change.field: change.to}
        if self._is_born(row, change):
            fields["number"] = self._number(row.kind, at)
        row = replace(row, title=str(fields.get("number") or row.title), fields=fields)
        self._memory.rows[row.id] = row
        done = Changed(change, by.name if by else SYSTEM_ACTOR.name, at)
        self._memory.history[row.id] = (*history, done)
        return self._fresh(row)

    def _is_born(self, row: Row, change: Change) -> bool:
        states = self._program.lifecycles[change.lifecycle].lifecycle.states
        numbered = "number" in self._vocabulary.records.get(row.kind, {})
        born = change.source == BEFORE_BIRTH and change.field == "state"
        given = row.fields.get("number") is not None
        return numbered and born and not given and not states[change.to].final

    def _number(self, kind: str, at: datetime) -> str:
        day = f"{at:%d%m}"
        number = self._memory.numbers.get((kind, day), FIRST_NUMBER - 1) + 1
        self._memory.numbers[kind, day] = number
        return f"{day}/{number}"

    def entry(self, record: Row, field: str) -> str:
        """Return what names the present entry of a state: the number of its line of history."""
        entered = self._entered(record, field)
        return str(entered[-1][0]) if entered else "0"

    def since(self, record: Row, field: str) -> datetime | None:
        """Return when the present state was entered; None when no line of history did it."""
        entered = self._entered(record, field)
        return entered[-1][1].at if entered else None

    def _entered(self, record: Row, field: str) -> list[tuple[int, Changed]]:
        lines = enumerate(self._memory.history.get(record.id, ()), start=1)
        return [
            (at, one) for at, one in lines if one.change.field == field and not one.change.stays
        ]

    def version(self, record: Row) -> int:
        """Return how many changes a record had."""
        return len(self._memory.history.get(record.id, ()))

    def waits(self, kind: str, field: str, why: Mapping[str, str]) -> None:
        """Keep why records wait; an empty text takes it away."""
        del kind
        for identity, text in why.items():
            self._memory.waits.pop((identity, field), None)
            if text:
                self._memory.waits[identity, field] = text


class MemoryResources:
    """Places of resources."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def holders(self, resource: str) -> tuple[Holder, ...]:
        """Return who holds places of a resource, in the order of taking."""
        return tuple(one.holder for one in self._memory.places.get(resource, ()))

    def stopped(self, resource: str) -> str:
        """Return why no new work enters a resource."""
        return self._memory.stopped.get(resource, "")

    def take(self, resource: str, capacity: int, record: Row, lifecycle: str, at: datetime) -> None:
        """Take a place. Raises Refused when every place is held."""
        held = self._memory.places.get(resource, ())
        if any(one.holder.record_id == record.id and one.lifecycle == lifecycle for one in held):
            return
        if len(held) >= capacity:
            raise Refused(Refusal("Мест больше нет: {name}", {"name": resource}))
        place = Held(Holder(record.kind, record.id, record.title, at), lifecycle)
        self._memory.places[resource] = (*held, place)

    def free(self, resource: str, record: Row, lifecycle: str) -> None:
        """Free the place of a record."""
        self._memory.places[resource] = tuple(
            one
            for one in self._memory.places.get(resource, ())
            if (one.holder.record_id, one.lifecycle) != (record.id, lifecycle)
        )


class MemoryFailures:
    """System transitions that broke."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def count(self, record: str, identity: str, transition: str) -> int:
        """Return how often a transition of a record broke."""
        return len(self._memory.failures.get((record, identity, transition), ()))

    def often(self, times: int) -> frozenset[tuple[str, str, str]]:
        """Return what broke so many times or more."""
        return frozenset(one for one, why in self._memory.failures.items() if len(why) >= times)

    def add(self, record: str, identity: str, transition: str, why: str, at: datetime) -> int:
        """Keep that it broke once more, and return how often it did."""
        del at
        before = self._memory.failures.get((record, identity, transition), ())
        self._memory.failures[record, identity, transition] = (*before, why)
        return len(before) + 1

    def clear(self, record: str, identity: str, transition: str) -> None:
        """Forget that it broke."""
        self._memory.failures.pop((record, identity, transition), None)


class MemoryAlarms:
    """Timers of states."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def plan(self, alarm: Alarm) -> None:
        """Keep a timer; the same one of the same entry rings next at its new time."""
        key = (alarm.lifecycle, alarm.record_id, alarm.entry, alarm.name)
        self._memory.alarms[key] = KeptAlarm(alarm)

    def keep(self, alarm: Alarm) -> None:
        """Keep a timer unless the same one of the same entry is kept, or has rung."""
        key = (alarm.lifecycle, alarm.record_id, alarm.entry, alarm.name)
        self._memory.alarms.setdefault(key, KeptAlarm(alarm))

    def due(self, now: datetime, count: int) -> tuple[Alarm, ...]:
        """Return timers whose time has come, earliest first, and count them as rung."""
        waiting = [
            (key, one)
            for key, one in self._memory.alarms.items()
            if not one.rung and one.alarm.due <= now
        ]
        found = sorted(waiting, key=lambda item: item[1].alarm.due)[:count]
        for key, one in found:
            self._memory.alarms[key] = replace(one, rung=True)
        return tuple(one.alarm for _, one in found)

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""
        waiting = (one.alarm.due for one in self._memory.alarms.values() if not one.rung)
        return min(waiting, default=None)
