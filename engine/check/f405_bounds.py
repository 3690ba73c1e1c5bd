"""F405: bounds that nothing can meet, and a breach that comes before its warning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.compile import EvaluationError, compile_expression
from engine.expressions.parse import names
from engine.load.tree import Path, Tree
from engine.model.values import Value, show
from engine.steps.base import Step
from engine.steps.bounds import BoundedStep
from engine.steps.choice import ChoiceStep
from engine.steps.choices import ChoicesStep
from engine.steps.number import NumberStep
from engine.steps.photos import PhotosStep
from engine.steps.pick import PickStep
from engine.steps.picks import PicksStep
from engine.steps.repeat import RepeatStep
from engine.steps.text import TextStep

SOME_DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
SWAP = "поменяйте границы местами"


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the bounds that can be told before anything is answered."""
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            for where, bounds in _pairs(path, step):
                least, most = map(_value, bounds)
                if _is_more(least, most) and not isinstance(least, time):
                    message = say(
                        "от {least} до {most} — таких значений нет",
                        least=show(least),
                        most=show(most),
                    )
                    yield Finding(sketch.tree.place(where), "F405", message, SWAP)
            yield from _times(sketch.tree, path, step)
    project = subject.project
    for name, limit in project.limits.items():
        for at, line in enumerate(limit.values):
            if line.min is not None and line.max is not None and line.min > line.max:
                place = project.tree("limits").place((name, "values", at, "min"))
                message = say(
                    "от {least} до {most} — таких значений нет", least=line.min, most=line.max
                )
                yield Finding(place, "F405", message, SWAP)


def _pairs(path: Path, step: Step) -> Iterator[tuple[Path, tuple[object, object]]]:
    if isinstance(step, BoundedStep) and step.range is not None:
        yield (*path, "range"), step.range
    if isinstance(step, TextStep):
        yield (*path, "length"), step.length
    if isinstance(step, ChoicesStep | PicksStep | PhotosStep) and step.count is not None:
        yield (*path, "count"), step.count
    if isinstance(step, RepeatStep):
        yield (*path, "rows"), step.rows
    if isinstance(step, ChoiceStep | PickStep) and step.other is not None:
        if step.other.text is not None:
            yield (*path, "other", "text"), step.other.text
        if step.other.number is not None and step.other.number.range is not None:
            yield (*path, "other", "number", "range"), step.other.number.range


def _value(bound: object) -> Value:
    """Return a bound that no answer changes: a number, a day from today; None of any other."""
    if not isinstance(bound, str):
        return bound
    node = read(bound)
    if node is None or names(node):
        return None
    try:
        found: Value = compile_expression(node)({}, None, SOME_DAY)
    except EvaluationError:
        return None
    return found


def _is_more(least: Value, most: Value) -> bool:
    return type(least) is type(most) and least is not None and bool(least > most)  # type: ignore[operator]


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
