"""What the clock does: timers of states, queues once more, reminders of tasks, tasks that were
left lying.

Both plants sweep by this. Start at `watch`."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.model.values import Row
from engine.ports import Context
from engine.run.cards import late
from engine.run.dispatcher import sweep
from engine.run.fire import fire, ring
from engine.run.lives import SYSTEM_ACTOR, Lives
from engine.run.task_end import give_back

BATCH = 100  # timers in one look
IDLE = timedelta(minutes=15)  # a claimed task without a touch goes back to the queue (domain 5.10)


def watch(lives: Lives, now: datetime) -> int:
    """Do what is due; return how much was."""
    done = 0

    def fire_now(record: Row, transition: str) -> object:
        with lives.transaction():
            return fire(lives, record, transition, Context(SYSTEM_ACTOR, "", now))

    while is_due(lives.alarms.next_due(), now) and (alarms := lives.alarms.due(now, BATCH)):
        for alarm in alarms:
            with lives.transaction():
                ring(lives, alarm, now)
        done += len(alarms)
    with lives.transaction():
        done += sweep(lives, now)
    for task, level in lives.tasks.late(now):
        lives.outbox.notify(late(lives.program, task, level, now))
        done += 1
    for task in lives.tasks.idle(now - IDLE):
        give_back(lives.tasks, lives.outbox, fire_now, task, now)
        done += 1
    return done


def is_due(moment: datetime | None, now: datetime) -> bool:
    """Tell whether a moment has come."""
    return moment is not None and moment <= now


def next_watch(lives: Lives) -> datetime | None:
    """Return when something is due next; tasks left lying are found by the next sweep."""
    moments = (lives.alarms.next_due(), lives.tasks.next_late())
    return min((one for one in moments if one is not None), default=None)
