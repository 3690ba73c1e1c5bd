"""F503: a button of the menu that starts a flow that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import MENU
from engine.check.fires import is_partly_read
from engine.check.mentions import is_missing
from engine.check.menus import buttons
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint


def find(subject: Subject) -> Iterator[Finding]:
    """Look up the flow of every button; one that is there but broken has its own findings."""
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


RULE = Rule(
    "F503",
    "меню ведёт в никуда",
    find,
    (Example(MENU, "flow: delivery", "flow: delivry", "flow:  delivery", "delivry", "delivery"),),
    "Кнопка меню не открыла бы ничего.",
)
