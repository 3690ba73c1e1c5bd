"""Which records a commit may have set going beside those that it touched. Pure.

A system transition without a queue is tried when its record is touched, or another one that points
to it: its guard may read that one. Start at `leads`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from engine.model.vocabulary import Vocabulary
from engine.plant_ports import Queue
from engine.run.machine import LifecycleMachine

FARTHEST = 2  # from a record over the lines of another to what they are of


def leads(machines: Iterable[LifecycleMachine], known: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return, by the kind of a record, its fields that lead to one which the system moves without
    a queue."""
    near = at_once(machines)
    found: dict[str, tuple[str, ...]] = {}
    for _ in range(FARTHEST):
        found = {
            kind: names
            for kind, fields in known.records.items()
            if (names := _pointing(fields, near))
        }
        near = near | {*found}
    return found


def at_once(machines: Iterable[LifecycleMachine]) -> frozenset[str]:
    """Return the kinds of records that the system moves without a queue."""
    return frozenset(
        machine.lifecycle.record
        for machine in machines
        if any(not form.queue for _, form in machine.system())
    )


def queues(machines: Iterable[LifecycleMachine]) -> Iterator[tuple[str, Queue]]:
    """Give by the names of lifecycles the states of their records in which these wait in a queue:
    the kind of the record, its field, the states."""
    for machine in machines:
        life = machine.lifecycle
        sources = [source for one in machine.tried if one.queue for source in one.sources]
        if sources:
            yield life.lifecycle, (life.record, life.field, tuple(dict.fromkeys(sources)))


def kept(machines: Iterable[LifecycleMachine]) -> Iterator[Queue]:
    """Give the states outside of queues whose records are looked at after every commit, because a
    task of theirs stands only while a condition holds, as a queue of each alone."""
    for machine in machines:
        life = machine.lifecycle
        waiting = {source for one in machine.tried if one.queue for source in one.sources}
        for state in machine.kept:
            if state not in waiting:
                yield life.record, life.field, (state,)


def _pointing(fields: Mapping[str, str], kinds: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(
        name
        for name, notation in fields.items()
        if notation.rstrip("?").removeprefix("list of ").rstrip("?") in kinds
    )
