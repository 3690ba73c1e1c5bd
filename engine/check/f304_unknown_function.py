"""F304: a function that is not listed."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F304",
    "нет такой функции",
    of_expressions("F304"),
    (when("absolute(weight) > 10", "abs(weight) > 10", "absolute", "abs"),),
    "Вычислять умеют только перечисленные функции и факты; остальное не посчитается.",
)
