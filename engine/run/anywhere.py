"""Flows that may be opened over anything, such as «Помощь»: from every question and from every
task's card, told of the task that it is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from engine.model.conversation import Button, Chat, Screen, Session
from engine.model.values import Row
from engine.model.work import TASK, Task
from engine.plant_ports import Tasks
from engine.run.program import FlowProgram, Program
from engine.run.stored import pack_given


def openable(program: Program, roles: Collection[str], but: str = "") -> tuple[FlowProgram, ...]:
    """Return the flows that holders of any of these roles may open over anything, `but` one."""
    return tuple(
        flow
        for flow in program.anywhere
        if flow.name != but and not flow.crew and not set(flow.roles).isdisjoint(roles)
    )


def task_row(task: Task) -> Row:
    """Return a task as a flow sees it."""
    return Row(TASK, task.id, task.wanted.title, {"title": task.wanted.title})


def task_parameter(flow: FlowProgram) -> str:
    """Return the parameter in which a flow is told of a task; empty when it has none."""
    return next((name for name, kind in flow.given.items() if kind.rstrip("?") == TASK), "")


def over_task(program: Program, task: Task, roles: Collection[str]) -> tuple[Button, ...]:
    """Return the buttons of a task's card that open a flow with the task attached. A card for
    named people alone has them all: who may is looked up when one is pressed."""
    found = openable(program, roles) if roles else program.anywhere
    row = Row(TASK, task.id, task.wanted.title)
    named = ((flow, task_parameter(flow)) for flow in found)
    return tuple(
        Button(flow.title, "flow", pack_given(flow.name, {name: row} if name else None))
        for flow, name in named
    )


def task_over(flow: FlowProgram, chat: Chat, tasks: Tasks) -> dict[str, Row]:
    """Return the parameter with the task of the form over whose question a flow is opened."""
    name = task_parameter(flow) if flow.anywhere else ""
    if not name or chat.top is None or chat.screen.name != "question":
        return {}
    task = tasks.of_session(str(chat.top.id))
    return {name: task_row(task)} if task is not None else {}


def place_after(program: Program, chat: Chat, session: Session, tasks: Tasks) -> Chat | None:
    """Return the chat at the place over which the flow of an ended session was opened: a question,
    or the card of a task that still waits; None when there is none."""
    flow = program.flows.get(session.flow)
    if flow is None or not flow.anywhere:
        return None
    if chat.top is not None:
        return replace(chat, screen=Screen("question"))
    row = session.given.get(task_parameter(flow))
    task = tasks.get(row.id) if isinstance(row, Row) else None
    if task is None or not task.waits:
        return None
    return replace(chat, screen=Screen("task", task.id))
