"""Doing transitions: what `move`, `entry` and `dispatch` decide is done through the ports.

Start at `fire`, `confirm`, `settle` and `ring`. Everything happens inside the transaction that is
open: the record, its history, places, tasks, timers, notices, and the system transitions that
became possible. Both plants, the one in memory and the one on Django, call this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.errors import EngineError, Refused
from engine.model.conversation import Actor
from engine.model.values import Row, Value
from engine.model.work import RETRY, Alarm
from engine.ports import Context
from engine.run.cards import ended
from engine.run.dispatcher import dispatch
from engine.run.doing import command, do_actions
from engine.run.entry import following
from engine.run.lives import SYSTEM_ACTOR, Doing, Lives, end_task, fresh
from engine.run.move import Command


def fire(
    lives: Lives,
    record: Row,
    transition: str,
    context: Context,
    reason: str = "",
    given: Mapping[str, Value] | None = None,
    touched: Sequence[Row] = (),
) -> Row:
    """Do one transition of a record, and the system transitions that become possible by it and by
    the operations before it, which `touched` records; return the record read anew. With a second
    signature needed the record comes back as it was, and a task waits for the second person.

    Raises Refused."""
    doing = Doing(lives, context, [(row.kind, row.id) for row in touched])
    command(doing, record, Command(transition, doing.actor, reason, given=given or {}))
    commanded = len(doing.touched)
    dispatch(doing)
    moved = doing.moved.get((record.kind, record.id))
    if moved is None or len(doing.touched) > commanded:  # the system went on with it, perhaps
        return fresh(lives, record)
    return moved


def confirm(lives: Lives, name: str, context: Context) -> Row:
    """Do the transition that a first person asked for and a second confirms now; `name` is the id
    of the task that asks for it. Raises Refused."""
    task = lives.tasks.get(name)
    asked = task.wanted.signature if task else None
    if task is None or asked is None:
        raise EngineError(f"task {name} asks for no signature")
    if not task.waits:
        raise Refused(ended(task))
    first = Actor(asked.first, asked.first_name, frozenset(asked.first_roles))
    doing = Doing(lives, replace(context, actor=first, second=context.actor))
    again = Command(asked.transition, first, asked.reason, second=context.actor, signature=asked)
    end_task(lives, lives.tasks.complete(task.id, context.actor, context.at))
    row = Row(task.wanted.record, task.wanted.record_id)
    command(doing, row, again)
    dispatch(doing)
    return fresh(lives, row)


def settle(lives: Lives, touched: Sequence[Row], context: Context) -> None:
    """Do what the system does after operations: a place may be free now, a reservation gone."""
    dispatch(Doing(lives, context, [(row.kind, row.id) for row in touched]))


def retry(lives: Lives, name: str, context: Context) -> bool:
    """Let a parked system transition be tried again; `name` is the id of the task that asks for it.
    Tell whether it breaks no more. Raises Refused."""
    task = lives.tasks.get(name)
    if task is None or task.wanted.kind != RETRY:
        raise EngineError(f"task {name} asks for no other try")
    if not task.waits:
        raise Refused(ended(task))
    record, identity = task.wanted.record, task.wanted.record_id
    ((transition, _),) = task.wanted.buttons
    lives.failures.clear(record, identity, transition)
    end_task(lives, lives.tasks.complete(task.id, context.actor, context.at))
    settle(lives, (fresh(lives, Row(record, identity)),), context)
    return not lives.failures.count(record, identity, transition)


def ring(lives: Lives, alarm: Alarm, now: datetime) -> bool:
    """Do what a timer says, if its record is still in the same entry of its state; tell whether
    it was."""
    machine = lives.program.lifecycles.get(alarm.lifecycle)
    row = lives.records.get(alarm.record, alarm.record_id)
    if machine is None or row is None or machine.standing(row) != alarm.state:
        return False
    state = machine.state(alarm.state)
    timer = next((one for one in state.timers if one.name == alarm.name), None) if state else None
    if timer is None or lives.records.entry(row, machine.lifecycle.field) != alarm.entry:
        return False
    doing = Doing(lives, Context(SYSTEM_ACTOR, "", now))
    key = f"timer:{alarm.lifecycle}:{alarm.record_id}:{alarm.entry}:{alarm.name}:{alarm.due}"
    meant = lives.around(now).holds(timer.when, machine.env(row))
    if meant:
        do_actions(doing, machine, row, timer.do, key, {})
    again = following(timer, now)
    if again is not None:
        lives.alarms.plan(replace(alarm, due=again))
    if meant:  # a timer that had nothing to do set nothing going
        dispatch(doing)
    return True
