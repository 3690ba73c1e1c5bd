"""F405: bounds that nothing can meet, and a breach that comes before its warning."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.load.tree import Path, Tree
from engine.steps.base import Step
from engine.steps.choice import ChoiceStep
from engine.steps.number import NumberStep
from engine.steps.photos import PhotosStep
from engine.steps.pick import PickStep
from engine.steps.text import TextStep

SWAP = "поменяйте границы местами"


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the bounds that are plain numbers."""
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            for where, least, most in _pairs(path, step):
                if least is not None and most is not None and least > most:
                    message = say(
                        "от {least} до {most} — таких значений нет", least=least, most=most
                    )
                    yield Finding(sketch.tree.place(where), "F405", message, SWAP)
            yield from _times(sketch.tree, path, step)
    project = subject.project
    for name, limit in project.limits.items():
        for at, line in enumerate(limit.values):
            if line.min is not None and line.max is not None and line.min > line.max:
                place = project.tree("limits").place((name, "values", at, "min"))
                message = say("от {min} до {max} — таких значений нет", min=line.min, max=line.max)
                yield Finding(place, "F405", message, SWAP)


def _pairs(path: Path, step: Step) -> Iterator[tuple[Path, Decimal | None, Decimal | None]]:
    if isinstance(step, NumberStep) and step.range is not None:
        yield (*path, "range"), _number(step.range[0]), _number(step.range[1])
    if isinstance(step, TextStep):
        yield (*path, "length"), Decimal(step.length[0]), Decimal(step.length[1])
    if isinstance(step, PhotosStep):
        yield (*path, "count"), Decimal(step.count[0]), Decimal(step.count[1])
    if isinstance(step, ChoiceStep | PickStep) and step.other is not None:
        least, most = step.other.text
        yield (*path, "other", "text"), Decimal(least), Decimal(most)


def _number(text: str) -> Decimal | None:
    """Return a bound that is a plain number; others are computed later."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def _times(tree: Tree, path: Path, step: Step) -> Iterator[Finding]:
    deviation = step.on_deviation if isinstance(step, NumberStep) else None
    if deviation is not None and deviation.breach <= deviation.warn:
        message = "«breach» наступает не позже «warn»"
        remedy = "напоминание («warn») должно прийти раньше"
        yield Finding(tree.place((*path, "on_deviation", "breach")), "F405", message, remedy)


RULE = Rule(
    "F405",
    "границы перепутаны",
    find,
    (
        Example(
            FLOW,
            "range: [0.001, 40000]",
            "range: [40000, 0.001]",
            "range: [0.01, 40000]",
            "[40000",
            "местами",
        ),
        Example(FLOW, "breach: 45m", "breach: 5m", "breach: 1h", "5m", "раньше"),
    ),
    "В перепутанные границы не попадёт ни одно число: рабочий не смог бы ответить.",
)
