"""The dispatcher: what the system does by itself after every commit, and in the sweep.

Start at `dispatch`. Which record may go is decided by `engine.run.dispatch`."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from engine.languages.message import Message
from engine.model.values import Row, Value
from engine.ports import Context
from engine.run.dispatch import MOST, following
from engine.run.doing import do_move
from engine.run.entry import kept
from engine.run.failing import broke, is_parked, went
from engine.run.leads import FARTHEST
from engine.run.lives import SYSTEM_ACTOR, Doing, Lives, end_task, open_task
from engine.run.machine import LifecycleMachine
from engine.run.wake import wake

log = logging.getLogger(__name__)

NOT_NOW = Message("сейчас не нужна")


def dispatch(doing: Doing) -> None:
    """Let the system do what became possible, one record at a time, at most 20 in a chain.

    A transition with a `queue:` looks at all that wait in it, one without at what this commit
    touched and at what that is about. A record that breaks is left behind and holds nobody up; the
    third time it is parked (`failing`). In the end the forms that wait for what came of it are
    told."""
    broken: set[tuple[str, str]] = set()
    went = 0
    while went < MOST and _one(doing, broken):
        went += 1
    if went == MOST:
        log.warning("a chain of %s system transitions is cut; the sweep goes on", MOST)
    _keep_tasks(doing)
    wake(doing.lives, doing.at)


def _one(doing: Doing, broken: set[tuple[str, str]]) -> bool:
    lives = doing.lives
    around = lives.around(doing.at)
    for machine in lives.program.lifecycles.values():
        life = machine.lifecycle
        for name in dict.fromkeys(name for name, _ in machine.system()):
            rows = [
                row
                for row in _candidates(doing, machine, name)
                if _at(row) not in broken and not is_parked(lives, row, name)
            ]
            found = following(machine, name, rows, around)
            for wait in found.waits:
                lives.records.waits(wait.record, life.field, wait.why)
            if found.record is None or found.move is None:
                continue
            try:
                with lives.transaction():
                    lives.records.waits(found.record, life.field, "")
                    do_move(_system(doing), machine, found.record, found.move, {})
                    went(lives, found.record, name)
            except Exception as error:  # of an operation: one record must not hold up the plant
                log.exception("%s of %s is left behind", name, _at(found.record))
                broken.add(_at(found.record))
                broke(doing, machine, found.record, name, error)
            return True
    return False


def _at(row: Row) -> tuple[str, str]:
    return row.kind, row.id


def _system(doing: Doing) -> Doing:
    """Return the same commit with the system as who acts."""
    return Doing(doing.lives, replace(doing.context, actor=SYSTEM_ACTOR), doing.touched)


def _candidates(doing: Doing, machine: LifecycleMachine, name: str) -> list[Row]:
    life, lives = machine.lifecycle, doing.lives
    forms = [form for form in life.forms(name) if form.automatic]
    sources = dict.fromkeys(source for form in forms for source in form.sources)
    if any(form.queue for form in forms):
        rows = (lives.records.standing(life.record, life.field, source) for source in sources)
        return [row for part in rows for row in part]
    found = (lives.records.get(*one) for one in _about(doing) if one[0] == life.record)
    return [row for row in found if row is not None and machine.standing(row) in sources]


def _about(doing: Doing) -> tuple[tuple[str, str], ...]:
    """Return what was touched and the records that it is about: a guard may read what points to
    its record (the pallets of a mix, the lines of a blank)."""
    lives, leads = doing.lives, doing.lives.program.leads
    found = dict.fromkeys(doing.touched)
    level = [row for one in found if one[0] in leads and (row := lives.records.get(*one))]
    for _ in range(FARTHEST):
        level = [
            other
            for row in level
            for name in leads.get(row.kind, ())
            for other in _rows(row.fields.get(name))
            if _at(other) not in found
        ]
        found |= {_at(row): None for row in level}
    return tuple(found)


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
