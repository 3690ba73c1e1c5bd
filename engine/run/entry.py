"""What entering a state asks for: tasks and timers, as data. Pure. Start at `entered`.

A condition of a task that breaks counts as true: a task too many is seen, one too few is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.errors import EngineError
from engine.expressions.compile import EvaluationError
from engine.languages.message import listed
from engine.model.text import Text
from engine.model.values import Row, Value
from engine.model.work import TaskWanted
from engine.run.around import Around, Env
from engine.run.machine import LifecycleMachine
from engine.schema.lifecycle import TaskForm, TimerForm
from engine.schema.project import WEEKDAYS

_BROKEN = (EvaluationError, EngineError)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a record in a state asks for: tasks, and timers by name with their due times."""

    tasks: tuple[TaskWanted, ...] = ()
    timers: tuple[tuple[str, datetime], ...] = ()


def entered(machine: LifecycleMachine, record: Row, around: Around) -> Entry:
    """Return what the state that a record has just entered asks for."""
    state = machine.state(machine.standing(record))
    if state is None:
        return Entry()
    env = machine.env(record)
    tasks = tuple(
        wanted(machine, record, task, around)
        for task in state.tasks
        if asked(task.when, env, around) and asked(task.while_, env, around)
    )
    return Entry(tasks, timers(machine, record, around))


def timers(
    machine: LifecycleMachine, record: Row, around: Around
) -> tuple[tuple[str, datetime], ...]:
    """Return the timers of the state of a record by name, with when each is due when it is entered
    now."""
    state = machine.state(machine.standing(record))
    env = machine.env(record)
    found = ((one.name, due(one, env, around)) for one in state.timers) if state else ()
    return tuple((name, moment) for name, moment in found if moment is not None)


def kept(machine: LifecycleMachine, record: Row, around: Around) -> tuple[tuple[str, ...], Entry]:
    """Return what became of the tasks with `while:` of a record that stays in its state: the kinds
    that end, and those that are wanted."""
    state = machine.state(machine.standing(record))
    env = machine.env(record)
    forms = [task for task in state.tasks if task.while_ is not None] if state else []
    ended = tuple(task.kind for task in forms if not asked(task.while_, env, around))
    tasks = tuple(
        wanted(machine, record, task, around)
        for task in forms
        if task.kind not in ended and asked(task.when, env, around)
    )
    return ended, Entry(tasks)


def asked(condition: str | None, env: Env, around: Around) -> bool:
    """Tell whether a condition of a task holds or cannot be told."""
    try:
        return condition is None or around.value(condition, env) is not False
    except _BROKEN:
        return True


def wanted(machine: LifecycleMachine, record: Row, task: TaskForm, around: Around) -> TaskWanted:
    """Return a task of a state as data."""
    life, env = machine.lifecycle, machine.env(record)
    state = machine.title(machine.standing(record))
    plain = listed((state, record.title or life.title), ": ")
    title = _said(machine, task.title, env, around) or Text.of(plain)
    given: Mapping[str, Value] = {life.record: record}
    if task.with_:
        given = {name: _given(text, env, around) for name, text in task.with_.items()}
    return TaskWanted(
        task.kind,
        record.kind,
        record.id,
        title.message,
        _said(machine, task.text, env, around) or title,
        around.receivers(task.for_, env),
        life.lifecycle,
        task.flow,
        given,
        (
            *((name, life.title_of(name)) for name in task.buttons),
            *(((task.flow, task.button),) if task.button else ()),
        ),
        task.claim,
        task.release,
        task.warn,
        task.breach,
    )


def _said(machine: LifecycleMachine, text: str, env: Env, around: Around) -> Text:
    try:
        return machine.texts[text].render(env, around.ask, around.now)
    except _BROKEN:
        return Text()


def _given(text: str, env: Env, around: Around) -> Value:
    try:
        return around.value(text, env)
    except _BROKEN:
        return None


def due(timer: TimerForm, env: Env, around: Around) -> datetime | None:
    """Return when a timer is due for the first time; None when its moment is not given."""
    if timer.at is not None:
        try:
            moment = around.value(timer.at, env)
        except _BROKEN:
            return None
        return moment if isinstance(moment, datetime) else None
    if timer.after is not None:
        return around.now + timedelta(seconds=timer.after)
    return following(timer, around.now)


def following(timer: TimerForm, now: datetime) -> datetime | None:
    """Return when a timer is due after it has rung; None for one that rings once."""
    if timer.every is not None:
        return now + timedelta(seconds=timer.every)
    if timer.weekly is not None:
        day, clock = timer.weekly.split()
        return _next(now, clock, (WEEKDAYS.index(day) - now.weekday()) % 7, 7)
    return _next(now, timer.daily, 0, 1) if timer.daily is not None else None


def _next(now: datetime, clock: str, ahead: int, again: int) -> datetime:
    """Return the moment of a time of day so many days ahead; when that is over, `again` days
    later. The same time in the zone, whatever the clocks do in between."""
    hours, minutes = (int(part) for part in clock.split(":"))
    day = now.date() + timedelta(days=ahead)
    moment = datetime.combine(day, time(hours, minutes), now.tzinfo)
    if moment > now:
        return moment
    return datetime.combine(day + timedelta(days=again), time(hours, minutes), now.tzinfo)
