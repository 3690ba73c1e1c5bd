"""F705: a unit that project.yaml does not have, a type that there is not, a limit with a gap."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.example import CALLED, FLOW, LIMITS
from engine.check.rule import Example, Rule
from engine.check.scope import given_type
from engine.check.subject import Subject
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.expressions.types import ListOf, Record, bare
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.steps.choice import ChoiceStep


def find(subject: Subject) -> Iterator[Finding]:
    """Look up every unit, and the types of the parameters of limits and flows."""
    project = subject.project
    units = project.project.units
    for sketch in project.sketches.values():
        for path, step in sketch.steps:
            unit = getattr(step, "unit", "")
            if unit and unit not in units:
                typed: Path = ("other", "number") if isinstance(step, ChoiceStep) else ()
                place = sketch.tree.place((*path, *typed, "unit"))
                yield Finding(
                    place,
                    "F705",
                    say("нет единицы «{unit}»", unit=unit),
                    hint(unit, units, "единицы"),
                )
        for key, notation in sketch.given.items():
            yield from _type(project, sketch.tree, ("given", key), notation)
    for name, limit in project.limits.items():
        tree = project.tree("limits")
        if limit.unit and limit.unit not in units:
            remedy = hint(limit.unit, units, "единицы")
            place = tree.place((name, "unit"))
            yield Finding(place, "F705", say("нет единицы «{unit}»", unit=limit.unit), remedy)
        for key, notation in limit.given.items():
            yield from _type(project, tree, (name, "given", key), notation)


def _type(project: Project, tree: Tree, path: Path, notation: str) -> Iterator[Finding]:
    """Find what is no type, or a record that the Vocabulary does not have."""
    found = given_type(notation)
    plain = bare(found) if found is not None else None
    item = plain.item if isinstance(plain, ListOf) else plain
    if found is None:
        message = say("«{notation}» — не вид значения", notation=notation)
        remedy = "виды: number kg, integer, text, bool, date, choice(one, two)"
        yield Finding(tree.place(path), "F705", message, remedy)
    elif isinstance(item, Record) and item.kind not in project.vocabulary.records:
        message = say("нет записи «{kind}»", kind=item.kind)
        remedy = hint(item.kind, project.vocabulary.records, "записи")
        yield Finding(tree.place(path), "F705", message, remedy)


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
        Example(
            CALLED,
            "given: {least: number kg}",
            "given: {least: nmber kg}",
            "given: { least: number kg }",
            "nmber",
            "number",
        ),
    ),
    "Единица даёт вопросу знаки после запятой и пределы датчика; без неё принималось бы "
    "любое число.",
)
