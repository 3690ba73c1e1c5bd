"""What a new version of the forms asks of records that stand in their states already: the timers
and tasks that it adds. Entering a state asks for its own, and a plant that is open enters nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from engine.model.values import Row
from engine.model.work import Alarm
from engine.run.entry import asked, timers, wanted
from engine.run.lives import Lives, open_task
from engine.run.machine import LifecycleMachine
from engine.schema.lifecycle import StateForm


def keep_timers(lives: Lives, now: datetime) -> None:
    """Keep every timer of the states in which records stand; one that is kept, or has rung since
    its state was entered, stays as it is. A duration counts from now."""
    for machine, row, _ in _standing(lives, lambda form: bool(form.timers)):
        life = machine.lifecycle
        entry, state = lives.records.entry(row, life.field), machine.standing(row)
        for name, due in timers(machine, row, lives.around(now)):
            lives.alarms.keep(Alarm(row.kind, row.id, life.lifecycle, state, entry, name, due))


def keep_tasks(lives: Lives, now: datetime) -> None:
    """Open every task of the states in which records stand; one that was opened since its state was
    entered stays as it is, also when it has ended. Reminders count from now."""
    for machine, row, form in _standing(lives, lambda form: bool(form.tasks)):
        life, around, env = machine.lifecycle, lives.around(now), machine.env(row)
        since = lives.records.since(row, life.field)
        for task in form.tasks:
            if lives.tasks.had(row, life.lifecycle, task.kind, since):
                continue
            if asked(task.when, env, around) and asked(task.while_, env, around):
                open_task(lives, wanted(machine, row, task, around), now)


def _standing(
    lives: Lives, has: Callable[[StateForm], bool]
) -> Iterator[tuple[LifecycleMachine, Row, StateForm]]:
    """Give the records that stand in a state which has something, with that state."""
    for machine in lives.program.lifecycles.values():
        life = machine.lifecycle
        states = [name for name, form in life.states.items() if has(form)]
        for row in lives.records.standing(life.record, life.field, *states) if states else ():
            yield machine, row, life.states[machine.standing(row)]
