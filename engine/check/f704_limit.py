"""F704: a limit that is not there, is asked with other arguments, or measures in another unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.scope import read
from engine.check.step_uses import limit_call
from engine.check.subject import Subject, of_expressions
from engine.errors import Finding, say
from engine.expressions.suggest import hint
from engine.load.project import Project
from engine.load.tree import Path, Tree
from engine.steps.integer import IntegerStep
from engine.steps.number import NumberStep
from engine.steps.value import ValueStep

_of_types = of_expressions("F704")


def find(subject: Subject) -> Iterator[Finding]:
    """Look up the limit of every step; types of arguments are found with the expressions."""
    units: dict[str, list[str]] = {}
    found: list[tuple[str, Finding]] = []
    for sketch in subject.project.sketches.values():
        for path, step in sketch.steps:
            if (
                isinstance(step, NumberStep | ValueStep)
                and step.limit is not None
                and read(step.limit)
            ):
                call = limit_call(step.limit)
                units.setdefault(call[0] if call else "", []).append(step.unit)
                found += _limit(subject.project, sketch.tree, path, step, step.limit)
    odd = dict(_odd(subject.project, units))
    yield from odd.values()
    yield from (finding for name, finding in found if name not in odd)
    yield from _of_types(subject)


def _odd(project: Project, units: Mapping[str, list[str]]) -> Iterator[tuple[str, Finding]]:
    """Give the limits whose own unit is the slip: all who ask, and they are several, agree on
    another one."""
    for name, limit in project.limits.items():
        asked = units.get(name, [])
        if len(asked) > 1 and len(set(asked)) == 1 and asked[0] != limit.unit:
            message = say(
                "лимит «{name}» в «{unit}», а все вопросы с ним в «{asked}»",
                name=name,
                unit=limit.unit,
                asked=asked[0],
            )
            place = project.tree("limits").place((name, "unit"))
            yield name, Finding(place, "F704", message, "проверьте единицу лимита")


def _limit(
    project: Project, tree: Tree, step_path: Path, step: NumberStep | ValueStep, text: str
) -> Iterator[tuple[str, Finding]]:
    """Give what is wrong with one use of a limit; beside a finding of units, the limit's name."""
    path, call = (*step_path, "limit"), limit_call(text)
    if call is None:
        remedy = say("напишите так: {limits}(поле)", limits=next(iter(project.limits), "имя"))
        yield "", Finding(tree.place(path), "F704", "здесь нужен лимит по имени", remedy)
        return
    name, arguments = call
    limit = project.limits.get(name)
    if limit is None:
        if ("limit", name) not in project.broken and ("limits", "limits") not in project.broken:
            place = tree.inside(path, text.index(name), len(name))
            yield (
                "",
                Finding(
                    place,
                    "F704",
                    say("нет лимита «{name}»", name=name),
                    hint(name, project.limits, "лимиты"),
                ),
            )
        return
    if len(arguments) != len(limit.given):
        message = say(
            "у лимита «{name}» значений в скобках: {count}", name=name, count=len(arguments)
        )
        listed = ", ".join(limit.given)
        remedy = (
            say("нужно {count}: {name}({listed})", count=len(limit.given), name=name, listed=listed)
            if listed
            else say("напишите «{name}»", name=name)
        )
        yield "", Finding(tree.place(path), "F704", message, remedy)
    elif any("," in source for source, _ in arguments):
        remedy = "посчитайте его шагом value и назовите здесь поле"
        yield "", Finding(tree.place(path), "F704", "значение в скобках слишком сложное", remedy)
    if step.unit != limit.unit and step.unit in ("", *project.project.units):
        yield name, _other_unit(tree, step_path, step, name, limit.unit)


def _other_unit(
    tree: Tree, step_path: Path, step: NumberStep | ValueStep, name: str, unit: str
) -> Finding:
    """Say that a question has another unit than its limit, and what to do."""
    key = (*step_path, "unit")
    place = tree.place(key if step.unit else (*step_path, "limit"))
    asked = say("вопрос в «{unit}»", unit=step.unit) if step.unit else "у вопроса нет единицы"
    message = say("{asked}, а лимит «{name}» в «{unit}»", asked=asked, name=name, unit=unit)
    remedy = (
        say("спросите его видом «number» с «unit: {unit}»", unit=unit)
        if isinstance(step, IntegerStep)
        else say("дайте шагу «unit: {unit}»", unit=unit)
    )
    return Finding(place, "F704", message, remedy)


RULE = Rule(
    "F704",
    "лимит не подходит",
    find,
    (
        Example(
            FLOW,
            "limit: temperature(condition)",
            "limit: temprature(condition)",
            "limit: temperature(condition )",
            "temprature",
            "temperature",
        ),
        Example(
            FLOW,
            "limit: temperature(condition)",
            "limit: temperature(company)",
            "limit: temperature(condition )",
            "company",
            "выбор",
        ),
        Example(
            FLOW,
            "limit: temperature(condition)",
            "limit: temperature()",
            "limit: temperature(condition )",
            "temperature()",
            "temperature(condition)",
        ),
        Example(FLOW, "unit: °C", "unit: kg", "unit:  °C", "kg", "°C"),
        Example(
            FLOW,
            "  - number: body_temp\n    unit: °C\n",
            "  - integer: body_temp\n",
            "  - number: body_temp\n    unit:  °C\n",
            "temperature(condition)",
            "number",
        ),
    ),
    "Непосчитанный предел считается нарушенным: каждый ответ становился бы отклонением.",
)
