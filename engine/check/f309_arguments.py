"""F309: wrong values in the brackets of a function."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F309",
    "не те значения в скобках",
    of_expressions("F309"),
    (when("round() > 1", "round(weight) > 1", "round()", "нужно"),),
    "Функция с другими значениями не посчитается, и вопрос остановился бы.",
)
