"""F705: a unit that project.yaml does not have, a type that there is not, a limit with a gap."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import FLOW, LIMITS
from engine.check.rule import Example, Rule
from engine.check.scope import given_type
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every unit, and the types of the parameters of limits."""
    project = subject.project
    units = project.project.units
    for sketch in project.sketches.values():
        for path, step in sketch.steps:
            unit = step.unit if isinstance(step, NumberStep | ValueStep) else ""
            if unit and unit not in units:
                place = sketch.tree.place((*path, "unit"))
                yield Finding(
                    place,
                    "F705",
                    say("нет единицы «{unit}»", unit=unit),
                    hint(unit, units, "единицы"),
                )
    for name, limit in project.limits.items():
        tree = project.tree("limits")
        if limit.unit and limit.unit not in units:
            remedy = hint(limit.unit, units, "единицы")
            place = tree.place((name, "unit"))
            yield Finding(place, "F705", say("нет единицы «{unit}»", unit=limit.unit), remedy)
        for key, notation in limit.given.items():
            if given_type(notation) is None:
                message = say("«{notation}» — не вид значения", notation=notation)
                remedy = "виды: number kg, integer, text, bool, date, choice(one, two)"
                yield Finding(tree.place((name, "given", key)), "F705", message, remedy)


RULE = Rule(
    "F705",
    "нет такой единицы или вида значения",
    find,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - number: tags\n    unit: kgs\n",
            "  - integer: labels\n",
            "kgs",
            "kg",
        ),
        Example(
            LIMITS,
            '"choice(chilled, frozen)"',
            '"choise(chilled, frozen)"',
            '"choice(frozen, chilled)"',
            '"choise',
            "choice",
        ),
    ),
    "Единица даёт вопросу знаки после запятой и пределы датчика; без неё принималось бы "
    "любое число.",
)
