"""F416: flows that call one another in a ring."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.project import Project
from engine.steps.call import CallStep


def find(subject: Subject) -> Iterator[Finding]:
    """Follow the calls of every flow."""
    project = subject.project
    for name, sketch in project.sketches.items():
        for path, step in sketch.steps:
            if isinstance(step, CallStep) and _leads(project, step.flow, name, set()):
                place = sketch.tree.place((*path, "flow"))
                message = say("форма «{flow}» вызывает сама себя", flow=name)
                yield Finding(place, "F416", message, "вызовите другую форму")


def _leads(project: Project, flow: str, to: str, seen: set[str]) -> bool:
    if flow == to:
        return True
    if flow in seen or flow not in project.sketches or ("flow", flow) in project.broken:
        return False
    seen.add(flow)
    calls = [step for _, step in project.sketches[flow].steps if isinstance(step, CallStep)]
    return any(_leads(project, one.flow, to, seen) for one in calls)


RULE = Rule(
    "F416",
    "формы вызывают друг друга по кругу",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - call: inner\n    flow: delivery\n  - integer: tags\n",
            "  - call: inner\n    flow: sizes\n    with: {least: 1}\n  - integer: tags\n",
            "delivery",
            "другую",
        ),
    ),
    "Вопросы не кончились бы никогда.",
)
