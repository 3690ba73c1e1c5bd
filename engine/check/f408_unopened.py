"""F408: a flow that nothing opens: no button, no task, no action, no other flow."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import MEASURED
from engine.check.fires import is_partly_read
from engine.check.mentions import named
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the flows with what the files name; a broken file may name anything, and so does a
    slip, which is a finding of its own."""
    project = subject.project
    opened = named(project, "flow", "open")
    if project.broken or is_partly_read(project) or opened - set(project.sketches):
        return
    for name, sketch in project.sketches.items():
        if name in opened or sketch.tree.at(("anywhere",)) == "true":
            continue
        place = sketch.tree.place(("flow",))
        if sketch.called:
            message = say("форму «{flow}» никто не вызывает", flow=name)
            yield Finding(place, "F408", message, "вызовите её шагом «call:» или уберите файл")
        else:
            message = say("форму «{flow}» никто не открывает", flow=name)
            remedy = "дайте ей кнопку в menu.yaml или задачу, или уберите файл"
            yield Finding(place, "F408", message, remedy)


RULE = Rule(
    "F408",
    "форму никто не открывает",
    find,
    (Example(MEASURED, "anywhere: true\n", "", "anywhere:  true\n", "measuring", "menu.yaml"),),
    "Её вопросы никто не увидит. Скорее всего, форму забыли в меню, или в имени описка.",
    whole=True,
    runs=True,
)
