"""The dispatcher: what the system does by itself after every commit, and in the sweep.

Start at `dispatch`. Which record may go is decided by `engine.run.dispatch`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial

from engine.errors import Clash
from engine.languages.message import Message
from engine.model.values import Row, Value
from engine.ports import Context
from engine.run.around import Around
from engine.run.dispatch import MOST, following
from engine.run.doing import do_move
from engine.run.entry import kept
from engine.run.failing import broke, parked, went
from engine.run.leads import FARTHEST
from engine.run.lives import SYSTEM_ACTOR, Doing, Lives, end_task, open_task
from engine.run.machine import LifecycleMachine, Tried
from engine.run.wake import wake

log = logging.getLogger(__name__)

NOT_NOW = Message("сейчас не нужна")
At = tuple[str, str]  # kind and id of a record
Waits = dict[tuple[str, str], dict[str, str]]  # why, by kind and field, then by id


@dataclass(slots=True)
class _Left:
    """What a dispatch leaves where it is: transitions that are parked, records that broke in this
    one, and what was said last about those that wait."""

    parked: Callable[[], frozenset[tuple[str, str, str]]]
    broken: set[At] = field(default_factory=set)
    said: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def goes(self, row: Row, name: str) -> bool:
        """Tell whether a transition of a record is to be tried."""
        return _at(row) not in self.broken and (row.kind, row.id, name) not in self.parked()


def dispatch(doing: Doing) -> None:
    """Let the system do what became possible, one record at a time, at most 20 in a chain.

    A transition with a `queue:` looks at all that wait in it, one without at what this commit
    touched and at what that is about. A record that breaks is left behind and holds nobody up; the
    third time it is parked (`failing`). In the end the forms that wait for what came of it are
    told."""
    left = _Left(cache(partial(parked, doing.lives)))
    went = 0
    while went < MOST and _one(doing, left):
        went += 1
    if went == MOST:
        log.warning("a chain of %s system transitions is cut; the sweep goes on", MOST)
    _keep_tasks(doing)
    wake(doing.lives, doing.at)


def _one(doing: Doing, left: _Left) -> bool:
    lives = doing.lives
    around = _looked_at_once(lives.around(doing.at))
    near = _about(doing)
    lives.records.look((*lives.program.queues.values(), *lives.program.kept), near)
    about = cache(partial(_read, lives, near))
    waits: Waits = {}
    for machine in lives.program.lifecycles.values():
        life = machine.lifecycle
        queued = _queued(doing, machine)
        for tried in machine.tried:
            name = tried.name
            rows = [
                row for row in _candidates(machine, tried, queued, about) if left.goes(row, name)
            ]
            if not rows:
                continue
            found = following(machine, name, rows, around)
            waits.setdefault((life.record, life.field), {}).update(
                {one.record.id: one.why for one in found.waits}
            )
            if found.record is None or found.move is None:
                continue
            _say(doing, waits, left)
            try:
                with lives.transaction():
                    lives.records.waits(life.record, life.field, {found.record.id: ""})
                    do_move(_system(doing), machine, found.record, found.move, {})
                    went(lives, found.record, name)
            except Clash:
                raise
            except Exception as error:  # of an operation: one record must not hold up the plant
                log.exception("%s of %s is left behind", name, _at(found.record))
                left.broken.add(_at(found.record))
                broke(doing, machine, found.record, name, error)
            left.said.pop((*_at(found.record), life.field), None)
            return True
    _say(doing, waits, left)
    return False


def _looked_at_once(around: Around) -> Around:
    """Return the surroundings of one look at all queues: nothing is written in between, so each
    resource is looked at once."""
    return replace(around, holders=cache(around.holders), stopped=cache(around.stopped))


def _say(doing: Doing, waits: Waits, left: _Left) -> None:
    """Keep why records wait, where this dispatch has not said it already. Whoever looks writes
    nothing before he has looked: what he asked stands until then."""
    for (record, column), why in waits.items():
        new = {
            identity: text
            for identity, text in why.items()
            if left.said.get((record, identity, column)) != text
        }
        if new:
            doing.lives.records.waits(record, column, new)
            left.said |= {(record, identity, column): text for identity, text in new.items()}


def _at(row: Row) -> At:
    return row.kind, row.id


def _system(doing: Doing) -> Doing:
    """Return the same commit with the system as who acts."""
    context = replace(doing.context, actor=SYSTEM_ACTOR)
    return Doing(doing.lives, context, doing.touched, doing.moved)


def _queued(doing: Doing, machine: LifecycleMachine) -> Mapping[str, Sequence[Row]]:
    """Return all records that stand where a queue of a lifecycle begins, by their states."""
    queue = doing.lives.program.queues.get(machine.lifecycle.lifecycle)
    if queue is None:
        return {}
    record, field_, states = queue
    found: dict[str, list[Row]] = {state: [] for state in states}
    for row in doing.lives.records.standing(record, field_, *states):
        found[machine.standing(row)].append(row)
    return found


def _candidates(
    machine: LifecycleMachine,
    tried: Tried,
    queued: Mapping[str, Sequence[Row]],
    about: Callable[[], Sequence[Row]],
) -> list[Row]:
    if tried.queue:
        return [row for source in tried.sources for row in queued[source]]
    rows = (row for row in about() if row.kind == machine.lifecycle.record)
    return [row for row in rows if machine.standing(row) in tried.sources]


def _about(doing: Doing) -> tuple[At, ...]:
    """Return what was touched and the records that it is about: a guard may read what points to
    its record (the pallets of a mix, the lines of a blank). Nothing is locked by this."""
    program, read = doing.lives.program, doing.lives.reads.records
    leads, moved = program.leads, program.at_once
    asked = [one for one in dict.fromkeys(doing.touched) if one[0] in leads or one[0] in moved]
    met = dict.fromkeys(asked)
    found = (doing.moved.get(one) or read.get(*one) for one in asked if one[0] in leads)
    level = [row for row in found if row is not None]
    for _ in range(FARTHEST):
        level = [
            other
            for row in level
            for name in leads.get(row.kind, ())
            for other in _rows(row.fields.get(name))
            if _at(other) not in met
        ]
        met |= dict.fromkeys(_at(row) for row in level)
    return tuple(at for at in met if at[0] in moved)


def _read(lives: Lives, records: Sequence[At]) -> tuple[Row, ...]:
    """Return records read afresh under their locks."""
    return tuple(row for at in records if (row := lives.records.get(*at)) is not None)


def _rows(value: Value) -> tuple[Row, ...]:
    found = value if isinstance(value, tuple | list) else (value,)
    return tuple(one for one in found if isinstance(one, Row))


def _keep_tasks(doing: Doing) -> None:
    """Open and close the tasks that stand only while a condition holds."""
    lives = doing.lives
    found = tuple(_with_conditions(doing))
    if not any(rows for _, _, rows in found):
        return
    about = ((machine.lifecycle.record, kinds) for machine, kinds, _ in found)
    there = lives.tasks.of_kinds(*((record, kind) for record, kinds in about for kind in kinds))
    for machine, _, rows in found:
        for row in rows:
            ended, entry = kept(machine, row, lives.around(doing.at))
            for kind in ended:
                if (row.kind, kind, row.id) in there:
                    task = lives.tasks.cancel(there[row.kind, kind, row.id], NOT_NOW, doing.at)
                    end_task(lives, task)
            for wanted in entry.tasks:
                if (row.kind, wanted.kind, row.id) not in there:
                    open_task(lives, wanted, doing.at)


def _with_conditions(
    doing: Doing,
) -> Iterator[tuple[LifecycleMachine, tuple[str, ...], Sequence[Row]]]:
    """Give the records that stand where a task stands only while a condition holds, with the kinds
    of such tasks."""
    for machine in doing.lives.program.lifecycles.values():
        for state, kinds in machine.kept.items():
            yield machine, kinds, _standing(doing, machine, state)


def _standing(doing: Doing, machine: LifecycleMachine, state: str) -> Sequence[Row]:
    """Return the records in a state; with those of a queue, when it is one of its states: these
    have just been read."""
    life, queued = machine.lifecycle, _queued(doing, machine)
    if state in queued:
        return queued[state]
    return doing.lives.records.standing(life.record, life.field, state)


def sweep(lives: Lives, now: datetime) -> int:
    """Try every queue once more: after every commit there must be nothing left to find. Return how
    many records went on. It waits for no lock: a queue of which somebody holds a record is left to
    him and to the next sweep (domain 6.5)."""
    doing = Doing(replace(lives, records=lives.records.patient()), Context(SYSTEM_ACTOR, "", now))
    dispatch(doing)
    if doing.touched:
        log.warning("the sweep found what no commit did: %s", doing.touched)
    return len(doing.touched)
