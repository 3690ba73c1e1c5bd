"""The dispatcher: what the system does by itself after every commit, and in the sweep.

Start at `dispatch`. Which record may go is decided by `engine.run.dispatch`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
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
from engine.run.leads import FARTHEST, at_once
from engine.run.lives import SYSTEM_ACTOR, Doing, Lives, end_task, open_task
from engine.run.machine import LifecycleMachine
from engine.run.wake import wake

log = logging.getLogger(__name__)

NOT_NOW = Message("сейчас не нужна")
At = tuple[str, str]  # kind and id of a record
Waits = dict[tuple[str, str], dict[str, str]]  # why, by kind and field, then by id


@dataclass(slots=True)
class _Left:
    """What a dispatch leaves where it is: transitions that are parked, records that broke in this
    one, and what was said last about those that wait."""

    parked: frozenset[tuple[str, str, str]]
    broken: set[At] = field(default_factory=set)
    said: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def goes(self, row: Row, name: str) -> bool:
        """Tell whether a transition of a record is to be tried."""
        return _at(row) not in self.broken and (row.kind, row.id, name) not in self.parked


def dispatch(doing: Doing) -> None:
    """Let the system do what became possible, one record at a time, at most 20 in a chain.

    A transition with a `queue:` looks at all that wait in it, one without at what this commit
    touched and at what that is about. A record that breaks is left behind and holds nobody up; the
    third time it is parked (`failing`). In the end the forms that wait for what came of it are
    told."""
    left = _Left(parked(doing.lives))
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
    about = cache(partial(_about, doing))
    waits: Waits = {}
    for machine in lives.program.lifecycles.values():
        life = machine.lifecycle
        queued = _queued(doing, machine)
        for name in dict.fromkeys(name for name, _ in machine.system()):
            rows = [
                row for row in _candidates(machine, name, queued, about) if left.goes(row, name)
            ]
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
    return Doing(doing.lives, replace(doing.context, actor=SYSTEM_ACTOR), doing.touched)


def _sources(machine: LifecycleMachine, name: str) -> dict[str, None]:
    forms = (form for form in machine.lifecycle.forms(name) if form.automatic)
    return dict.fromkeys(source for form in forms for source in form.sources)


def _has_queue(machine: LifecycleMachine, name: str) -> bool:
    return any(form.queue for form in machine.lifecycle.forms(name) if form.automatic)


def _queued(doing: Doing, machine: LifecycleMachine) -> Mapping[str, Sequence[Row]]:
    """Return all records that stand where a queue of a lifecycle begins, by their states."""
    life = machine.lifecycle
    names = dict.fromkeys(name for name, _ in machine.system() if _has_queue(machine, name))
    sources = dict.fromkeys(source for name in names for source in _sources(machine, name))
    found: dict[str, list[Row]] = {source: [] for source in sources}
    if sources:
        for row in doing.lives.records.standing(life.record, life.field, *sources):
            found[machine.standing(row)].append(row)
    return found


def _candidates(
    machine: LifecycleMachine,
    name: str,
    queued: Mapping[str, Sequence[Row]],
    about: Callable[[], Sequence[Row]],
) -> list[Row]:
    sources = _sources(machine, name)
    if _has_queue(machine, name):
        return [row for source in sources for row in queued[source]]
    rows = (row for row in about() if row.kind == machine.lifecycle.record)
    return [row for row in rows if machine.standing(row) in sources]


def _about(doing: Doing) -> tuple[Row, ...]:
    """Return what was touched and the records that it is about: a guard may read what points to
    its record (the pallets of a mix, the lines of a blank)."""
    lives = doing.lives
    leads, moved = lives.program.leads, at_once(lives.program.lifecycles.values())
    asked = [one for one in dict.fromkeys(doing.touched) if one[0] in leads or one[0] in moved]
    level = [row for one in asked if (row := lives.records.get(*one)) is not None]
    met = {_at(row): row for row in level}
    for _ in range(FARTHEST):
        level = [
            other
            for row in level
            for name in leads.get(row.kind, ())
            for other in _rows(row.fields.get(name))
            if _at(other) not in met
        ]
        met |= {_at(row): row for row in level}
    touched = {*asked}
    found = (
        row if at in touched else lives.records.get(*at)  # a neighbour is locked as it is tried
        for at, row in met.items()
        if at[0] in moved
    )
    return tuple(row for row in found if row is not None)


def _rows(value: Value) -> tuple[Row, ...]:
    found = value if isinstance(value, tuple | list) else (value,)
    return tuple(one for one in found if isinstance(one, Row))


def _keep_tasks(doing: Doing) -> None:
    """Open and close the tasks that stand only while a condition holds."""
    lives = doing.lives
    for machine in lives.program.lifecycles.values():
        life = machine.lifecycle
        for state, form in life.states.items():
            if not any(task.while_ for task in form.tasks):
                continue
            for row in lives.records.standing(life.record, life.field, state):
                ended, entry = kept(machine, row, lives.around(doing.at))
                for task in lives.tasks.of(row.kind, row.id):
                    if task.wanted.kind in ended:
                        end_task(lives, lives.tasks.cancel(task.id, NOT_NOW, doing.at))
                for wanted in entry.tasks:
                    open_task(lives, wanted, doing.at)


def sweep(lives: Lives, now: datetime) -> int:
    """Try every queue once more: after every commit there must be nothing left to find. Return how
    many records went on."""
    doing = Doing(lives, Context(SYSTEM_ACTOR, "", now))
    dispatch(doing)
    if doing.touched:
        log.warning("the sweep found what no commit did: %s", doing.touched)
    return len(doing.touched)
