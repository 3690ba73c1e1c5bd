"""What becomes of a form's task, requests and jobs when it ends, and how a task is given back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from engine.errors import Refused
from engine.model.conversation import Actor, Session, State
from engine.model.values import Row
from engine.model.work import Task
from engine.plant_ports import Tasks
from engine.ports import Context, Outbox, Ports
from engine.run.cards import close_card, reopen_card

Fire = Callable[[Row, str], object]  # fires a transition of a record. Raises Refused


def give_up(
    ports: Ports, actor: Actor, session: Session, state: State, why: str, at: datetime
) -> Session:
    """End a form that was not saved: its requests are taken back, its jobs stopped, its task given
    back; its answers are kept with it."""
    for answer in session.answers.values():
        if answer.deviation:
            ports.deviations.withdraw(answer.deviation, why, at)
        if answer.job:
            ports.jobs.cancel(answer.job)
    gone = replace(session, state=state, waiting="")
    end_form(ports, actor, gone, at)
    return gone


def end_form(ports: Ports, actor: Actor, session: Session, at: datetime) -> None:
    """End the task of a form that was saved; give back that of one that ended otherwise."""
    task = ports.tasks.of_session(str(session.id))
    if task is None:
        return
    if session.state is State.SAVED:
        ended = ports.tasks.complete(task.id, actor, at)
        if ended is not None:
            close_card(ports.outbox, ended)
        return
    context = Context(actor, str(session.id), at)

    def fire(record: Row, transition: str) -> object:
        with ports.transaction():
            return ports.operations.fire(record, transition, context)

    give_back(ports.tasks, ports.outbox, fire, task, at)


def give_back(tasks: Tasks, outbox: Outbox, fire: Fire, task: Task, at: datetime) -> None:
    """Put a claimed task back: its cards come alive, the transition of giving it back is fired."""
    if tasks.release(task.id, at) is None:
        return
    reopen_card(outbox, task)
    if not task.wanted.release:
        return
    try:
        fire(Row(task.wanted.record, task.wanted.record_id), task.wanted.release)
    except Refused:
        return  # the record has gone on: there is nothing to undo
