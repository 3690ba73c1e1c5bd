"""What a new version of the forms asks of records that stand in their states already: the timers
that it adds. Entering a state plans its timers, and a plant that is open enters nothing."""

from __future__ import annotations

from datetime import datetime

from engine.model.work import Alarm
from engine.run.entry import timers
from engine.run.lives import Lives


def keep_timers(lives: Lives, now: datetime) -> None:
    """Keep every timer of the states in which records stand; one that is kept, or has rung since
    its state was entered, stays as it is. A duration counts from now."""
    for machine in lives.program.lifecycles.values():
        life = machine.lifecycle
        states = [name for name, form in life.states.items() if form.timers]
        if not states:
            continue
        for row in lives.records.standing(life.record, life.field, *states):
            entry, state = lives.records.entry(row, life.field), machine.standing(row)
            for name, due in timers(machine, row, lives.around(now)):
                lives.alarms.keep(Alarm(row.kind, row.id, life.lifecycle, state, entry, name, due))
