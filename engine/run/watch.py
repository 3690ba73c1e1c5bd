"""What the clock does: timers of states, reminders of tasks, tasks that were left lying.

Both plants sweep by this. Start at `watch`."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.errors import Refused
from engine.model.work import Task
from engine.ports import Context
from engine.run.cards import late, reopen_card
from engine.run.fire import fire, ring
from engine.run.lives import SYSTEM_ACTOR, Lives

BATCH = 100  # timers in one look
IDLE = timedelta(minutes=15)  # a claimed task without a touch goes back to the queue (domain 5.10)


def watch(lives: Lives, now: datetime) -> int:
    """Do what is due; return how much was."""
    done = 0
    while alarms := lives.alarms.due(now, BATCH):
        for alarm in alarms:
            with lives.transaction():
                ring(lives, alarm, now)
        done += len(alarms)
    for task, level in lives.tasks.late(now):
        lives.outbox.notify(late(lives.program, task, level, now))
        done += 1
    for task in lives.tasks.idle(now - IDLE):
        give_back(lives, task, now)
        done += 1
    return done


def next_watch(lives: Lives) -> datetime | None:
    """Return when something is due next; tasks left lying are found by the next sweep."""
    moments = (lives.alarms.next_due(), lives.tasks.next_late())
    return min((one for one in moments if one is not None), default=None)


def give_back(lives: Lives, task: Task, now: datetime) -> None:
    """Put a claimed task back: its cards come alive, the transition of giving it back is fired."""
    if lives.tasks.release(task.id, now) is None:
        return
    reopen_card(lives.outbox, task)
    if not task.wanted.release:
        return
    row = lives.records.get(task.wanted.record, task.wanted.record_id)
    if row is None:
        return
    try:
        with lives.transaction():
            fire(lives, row, task.wanted.release, Context(SYSTEM_ACTOR, "", now))
    except Refused:
        return  # the record has gone on: there is nothing to undo
