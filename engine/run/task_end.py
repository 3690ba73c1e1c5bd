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
from engine.run.program import FlowProgram

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


def end_form(
    ports: Ports, actor: Actor, session: Session, at: datetime, flow: FlowProgram | None = None
) -> None:
    """End the task of a form that was saved; give back that of one that ended otherwise, or about
    another record. `flow` is what a form that was saved is written in."""
    task = ports.tasks.of_session(str(session.id))
    if task is None:
        return
    if session.state is State.SAVED and not (flow and turned_away(flow, session, task)):
        ended = ports.tasks.complete(task.id, actor, at)
        if ended is not None:
            close_card(ports.outbox, ended)
        return
    context = Context(actor, str(session.id), at)

    def fire(record: Row, transition: str) -> object:
        with ports.transaction():
            return ports.operations.fire(record, transition, context)

    give_back(ports.tasks, ports.outbox, fire, task, at)


def turned_away(flow: FlowProgram, session: Session, task: Task) -> bool:
    """Tell whether the worker answered with another record where the task knew its own."""
    wanted = task.wanted
    for node in flow.nodes:
        known, answer = wanted.given.get(node.step.known or ""), session.answers.get(node.path)
        if isinstance(known, Row) and answer is not None and isinstance(answer.value, Row):
            of_task = (known.kind, known.id) == (wanted.record, wanted.record_id)
            if of_task and answer.value.kind == known.kind and answer.value.id != known.id:
                return True
    return False


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
