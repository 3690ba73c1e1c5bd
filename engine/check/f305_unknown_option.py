"""F305: an option that a choice does not have."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F305",
    "нет такого варианта",
    of_expressions("F305"),
    (when("condition == frozn", "condition == frozen", "frozn", "frozen"),),
    "Сравнение с вариантом, которого нет, не выполняется никогда: вопрос не задавался бы.",
)
