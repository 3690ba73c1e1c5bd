"""F709: a limit that nothing asks, a document that nothing prints."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import LIMITS
from engine.check.fires import is_partly_read
from engine.check.mentions import named
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.project import Project
from engine.steps.base import LimitedStep


def find(subject: Subject) -> Iterator[Finding]:
    """Compare limits and documents with what the files name; a broken file may name anything, and
    a slip in a name is a finding of its own."""
    project = subject.project
    if project.broken or is_partly_read(project):
        return
    asked, printed = named(project, "limit"), named(project, "document")
    for name in project.limits if asked <= set(project.limits) and not _lost(project) else ():
        if name not in asked:
            message = say("предел «{name}» никто не спрашивает", name=name)
            place = project.tree("limits").key((name,))
            yield Finding(place, "F709", message, "назовите его у вопроса («limit:») или уберите")
    for name in project.documents if printed <= set(project.documents) else ():
        if name not in printed:
            message = say("документ «{name}» никто не печатает", name=name)
            place = project.tree("document", name).place(("document",))
            yield Finding(place, "F709", message, "напечатайте действием «document:» или уберите")


def _lost(project: Project) -> bool:
    """Tell whether a question lost its limit, which a finding of its own says."""
    steps = [step for sketch in project.sketches.values() for _, step in sketch.steps]
    limited = [step for step in steps if isinstance(step, LimitedStep)]
    return any(step.on_deviation is not None and step.limit is None for step in limited)


RULE = Rule(
    "F709",
    "предел или документ не используется",
    find,
    (
        Example(
            LIMITS,
            "temperature:\n",
            "core_temperature:\n  source: учебный план\n  values: [{max: 5}]\ntemperature:\n",
            "temperature: # при приёмке\n",
            "core_temperature",
            "limit",
        ),
    ),
    "Скорее всего, в имени описка: значение не проверяется, бумага не печатается.",
    runs=True,
)
