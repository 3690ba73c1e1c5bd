"""F3xx: what is wrong in expressions, and F401: a field that is read before it is asked."""

from __future__ import annotations

from collections.abc import Iterator

from engine.check.rule import Example, Rule
from engine.check.uses import Use, expressions
from engine.errors import Finding
from engine.expressions.check import Problem, expect, infer
from engine.expressions.parse import ExpressionError, parse
from engine.load.project import Project

FLOW = "flows/area/delivery.yaml"
WHEN = "    when: weight > 10\n"


def find(project: Project) -> Iterator[Finding]:
    """Give the problems of every expression at their exact places."""
    for use in expressions(project):
        try:
            node = parse(use.text)
        except ExpressionError as error:
            yield Finding(use.tree.inside(use.path, error.offset, error.width), error.code, error.message, error.hint)
            continue
        problems = expect(node, use.wanted, use.scope) if use.wanted is not None else infer(node, use.scope)[1]
        for problem in problems:
            yield _finding(use, problem)


def _finding(use: Use, problem: Problem) -> Finding:
    place = use.tree.inside(use.path, problem.offset, problem.width)
    word = use.text[problem.offset:problem.offset + problem.width]
    if problem.code == "F303" and word in use.later:
        return Finding(place, "F401", f"поле «{word}» здесь ещё не задано: его спрашивают позже",
                       "переставьте шаги или условие", use.consequence)
    return Finding(place, problem.code, problem.message, problem.hint, use.consequence)


def _example(code: str, bad: str, at: str, hint: str, good: str = "weight > 20") -> Example:
    return Example(code, FLOW, WHEN, f"    when: {bad}\n", f"    when: {good}\n", at, hint)


RULE = Rule(
    {"F301": "выражение не разбирается", "F302": "величины не подходят друг к другу", "F303": "нет такого поля",
     "F304": "нет такой функции", "F305": "нет такого варианта", "F306": "значение может быть не задано",
     "F307": "условие всегда одно и то же", "F308": "возможно деление на ноль",
     "F309": "не те значения в скобках", "F310": "не тот вид значения", "F401": "поле читается до своего вопроса"},
    find,
    (
        _example("F301", "condition = frozen", "= frozen", "==", "condition == frozen"),
        _example("F302", "weight > body_temp", "body_temp", "одной единицы"),
        _example("F303", "wieght > 10", "wieght", "weight"),
        _example("F304", "absolute(weight) > 10", "absolute", "abs", "abs(weight) > 10"),
        _example("F305", "condition == frozn", "frozn", "frozen", "condition == frozen"),
        _example("F306", "docs > 1", "docs", "is_set(docs)", "is_set(docs) and docs > 1"),
        _example("F307", "1 > 2", "1 > 2", "полем"),
        _example("F308", "weight / count_of > 1", "count_of", "x > 0", "count_of > 0 and weight / count_of > 1"),
        _example("F309", "round() > 1", "round()", "нужно", "round(weight) > 1"),
        _example("F310", "weight + 1", "weight + 1", "условие"),
        _example("F401", "tags > 1", "tags", "переставьте"),
    ),
)
