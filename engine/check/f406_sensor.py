"""F406: a range that goes beyond what the sensor of its unit can show."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.steps.number import NumberStep


def find(subject: Subject) -> Iterator[Finding]:
    """Compare the plain bounds of every number with those of its unit."""
    units = subject.project.project.units
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            unit = units.get(step.unit) if isinstance(step, NumberStep) else None
            if not isinstance(step, NumberStep) or unit is None or unit.range is None:
                continue
            for bound in step.range or ():
                value = _number(bound)
                if value is not None and not unit.range[0] <= value <= unit.range[1]:
                    least, most = unit.range
                    message = say(
                        "в «{unit}» бывает от {least} до {most}, а в range стоит {bound}",
                        unit=step.unit,
                        least=least,
                        most=most,
                        bound=bound,
                    )
                    remedy = "проверьте единицу или границы"
                    yield Finding(sketch.tree.place((*path, "unit")), "F406", message, remedy)
                    break


def _number(text: str) -> Decimal | None:
    """Return a bound that is a plain number; others are computed later."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


RULE = Rule(
    "F406",
    "границы вопроса шире, чем показывает датчик",
    find,
    (
        Example(
            FLOW,
            "unit: °C\n    limit: temperature(condition)",
            "unit: °C\n    range: [0.001, 40000]\n    limit: temperature(condition)",
            "unit: °C\n    range: [-50, 30]\n    limit: temperature(condition)",
            "°C",
            "единицу",
        ),
    ),
    "Единица знает, что показывает её датчик. Границы за ним — почти всегда не та единица.",
)
