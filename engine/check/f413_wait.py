"""F413: a wait that nothing would end, or for a job that no earlier question starts."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, JOB, TAGS, WAIT
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.sketch import FlowSketch
from engine.steps.wait import WaitStep

FOREVER = "рабочий ждал бы здесь, пока не отменит форму"


def find(subject: Subject) -> Iterator[Finding]:
    """Look at every wait."""
    for sketch in subject.project.sketches.values():
        yield from _of(sketch)


def _of(sketch: FlowSketch) -> Iterator[Finding]:
    jobs: list[str] = []
    for path, step in sketch.steps:
        if isinstance(step, WaitStep):
            if not step.at_most and not step.leave:
                place = sketch.tree.key((*path, "wait"))
                message = "из ожидания нет выхода"
                remedy = "добавьте «at_most: 5m» или кнопку «leave: Пропустить»"
                yield Finding(place, "F413", message, remedy, FOREVER)
            if step.for_ and step.for_ not in jobs and step.for_ not in sketch.lost:
                place = sketch.tree.place((*path, "for"))
                message = say("задания «{name}» раньше никто не начал", name=step.for_)
                remedy = hint(step.for_, jobs, "начаты") or "его начинает «starts:» вопроса"
                yield Finding(place, "F413", message, remedy)
        if step.starts is not None:
            jobs.append(step.starts.as_)


RULE = Rule(
    "F413",
    "ожидание не кончится",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            (JOB + WAIT + TAGS).replace("    leave: Пропустить\n", ""),
            JOB + WAIT + TAGS,
            "wait",
            "at_most",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            (JOB + WAIT + TAGS).replace("for: paper", "for: papre"),
            JOB + WAIT + TAGS,
            "papre",
            "paper",
        ),
    ),
    "Форма стояла бы на этом месте, и работа рабочего вместе с ней.",
)
