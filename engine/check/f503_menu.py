"""F503: a button of the menu that starts a flow, or lists tasks, that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.task import TaskAction
from engine.check.example import MENU
from engine.check.fires import is_partly_read
from engine.check.mentions import is_missing
from engine.check.menus import buttons
from engine.check.roles import listed
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.project import Project


def find(subject: Subject) -> Iterator[Finding]:
    """Look up the flow or the tasks of every button; a flow that is there but broken has its own
    findings."""
    project = subject.project
    if is_partly_read(project):  # no flow was changed for others
        return
    for path, entry in buttons(project):
        if is_missing(project, entry.flow):
            place, message = (
                project.tree("menu").place((*path, "flow")),
                say("нет формы «{flow}»", flow=entry.flow),
            )
            yield Finding(place, "F503", message, hint(entry.flow, project.sketches, "формы"))
        elif entry.flow in project.sketches and project.sketches[entry.flow].called:
            place = project.tree("menu").place((*path, "flow"))
            message = say("форму «{flow}» вызывают другие формы", flow=entry.flow)
            remedy = "в меню ей не место: у неё есть «result:» и нет «save:»"
            yield Finding(place, "F503", message, remedy)
    if project.broken:  # what it puts is not known
        return
    kinds = task_kinds(project)
    for at, entry in project.entries:
        for tree, path, kind in listed(project.tree("menu"), (at, "tasks"), entry.tasks):
            if kind not in kinds:
                message = say("задач вида «{kind}» никто не ставит", kind=kind)
                yield Finding(tree.place(path), "F503", message, hint(kind, kinds, "виды"))


def task_kinds(project: Project) -> list[str]:
    """Return the kinds of tasks that states and actions put."""
    states = (state for life in project.lives.values() for state in life.states.values())
    found = {task.kind for state in states for task in state.tasks}
    blocks = [
        *(rows for life in project.lives.values() for rows in life.blocks.values()),
        *(rows for sketch in project.sketches.values() for rows in sketch.blocks.values()),
    ]
    actions = (action for rows in blocks for _, action in rows)
    return sorted(found | {one.task for one in actions if isinstance(one, TaskAction)})


RULE = Rule(
    "F503",
    "меню ведёт в никуда",
    find,
    (
        Example(MENU, "flow: delivery", "flow: delivry", "flow:  delivery", "delivry", "delivery"),
        Example(
            MENU,
            "roles: [porter]}",
            "roles: [porter]}\n- {title: Дела, tasks: [load_at], roles: [porter]}",
            "roles: [porter]}\n- {title: Дела, tasks: [load_it], roles: [porter]}",
            "load_at",
            "load_it",
        ),
    ),
    "Кнопка меню не открыла бы ничего.",
)
