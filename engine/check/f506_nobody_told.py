"""F506: a crew that is sometimes nobody, a message that nobody receives."""

from __future__ import annotations

from collections.abc import Iterator

from engine.actions.notify import NotifyAction
from engine.check.example import LOAD, PROJECT
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.project import Project
from engine.load.sketch import Actions
from engine.load.tree import Tree

REMEDY = "добавьте последнюю строку без «when:»"


def find(subject: Subject) -> Iterator[Finding]:
    """Look at the last line of every crew, and at messages without receivers."""
    project = subject.project
    tree = project.tree("project")
    for crew, lines in project.project.crews.items():
        if not lines or lines[-1].when is not None:
            message = say("бригада «{crew}» бывает пустой", crew=crew)
            yield Finding(tree.key(("crews", crew)), "F506", message, REMEDY)
    for tree, actions in _blocks(project):
        for path, action in actions:
            if isinstance(action, NotifyAction) and not action.receivers:
                message = say("сообщение никому не адресовано")
                place = tree.place((*path, "notify"))
                yield Finding(place, "F506", message, "назовите роль, бригаду или человека")


def _blocks(project: Project) -> Iterator[tuple[Tree, Actions]]:
    for sketch in project.sketches.values():
        yield from ((sketch.tree, actions) for actions in sketch.blocks.values())
    for life in project.lives.values():
        yield from ((life.tree, actions) for actions in life.blocks.values())


RULE = Rule(
    "F506",
    "сообщение или задача без получателя",
    find,
    (
        Example(
            PROJECT,
            "loaders: [{when: load.line == 1, role: porter}, {role: foreman}]",
            "loaders: [{when: load.line == 1, role: porter}]",
            "loaders: [{when: load.line == 2, role: porter}, {role: foreman}]",
            "loaders",
            "when",
        ),
        Example(
            LOAD,
            "notify: foreman",
            "notify: []",
            "notify: porter",
            "[]",
            "роль",
        ),
    ),
    "Работа ждала бы, и никто не знал бы о ней.",
)
