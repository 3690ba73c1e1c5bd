"""F308: a division by what may be zero."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F308",
    "возможно деление на ноль",
    of_expressions("F308"),
    (when("weight / count_of > 1", "count_of > 0 and weight / count_of > 1", "count_of", "x > 0"),),
    "Деление на ноль остановило бы форму у рабочего посреди смены.",
)
