"""F614: a task, a button or an action that opens a flow that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.base import Action
from engine.actions.notify import NotifyAction
from engine.actions.open import OpenAction
from engine.actions.reply import ReplyAction
from engine.actions.task import TaskAction
from engine.check.example import FLOW, LOAD
from engine.check.mentions import is_missing
from engine.check.roles import position
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.tree import Path, Tree


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every flow that lifecycles and actions name."""
    project = subject.project
    for tree, path, flow in _named(project):
        if is_missing(project, flow):
            message = say("нет формы «{flow}»", flow=flow)
            place = tree.place(path)
            yield Finding(place, "F614", message, hint(flow, project.sketches, "формы"))


def _named(project: Project) -> Iterator[tuple[Tree, Path, str]]:
    for life in project.lives.values():
        for state, form in life.states.items():
            tasks = life.tree.at(("states", state, "tasks"))
            for task in form.tasks:
                if task.flow:
                    at = position(tasks, "kind", task.kind)
                    yield life.tree, ("states", state, "tasks", at, "flow"), task.flow
        for actions in life.blocks.values():
            for path, action in actions:
                yield from _of_action(life.tree, path, action)
    for sketch in project.sketches.values():
        for actions in sketch.blocks.values():
            for path, action in actions:
                yield from _of_action(sketch.tree, path, action)


def _of_action(tree: Tree, path: Path, action: Action) -> Iterator[tuple[Tree, Path, str]]:
    if isinstance(action, OpenAction):
        yield tree, (*path, "open"), action.open
    elif isinstance(action, TaskAction) and action.flow:
        yield tree, (*path, "flow"), action.flow
    elif isinstance(action, NotifyAction | ReplyAction):
        for at, button in enumerate(action.buttons):
            if button.flow:
                yield tree, (*path, "buttons", at, "flow"), button.flow


RULE = Rule(
    "F614",
    "кнопка или задача ведёт в никуда",
    find,
    (
        Example(
            LOAD,
            "buttons: [finish, give_up], warn",
            "flow: measurnig, warn",
            "flow: measuring, warn",
            "measurnig",
            "measuring",
        ),
        Example(
            FLOW,
            "buttons: [{title: Закрыть, fire: close, on: taken}]",
            "buttons: [{title: Ещё, flow: delivary}, {title: Закрыть, fire: close, on: taken}]",
            "buttons: [{title: Ещё, flow: delivery}, {title: Закрыть, fire: close, on: taken}]",
            "delivary",
            "delivery",
        ),
    ),
    "Человек нажал бы кнопку, и не открылось бы ничего.",
)
