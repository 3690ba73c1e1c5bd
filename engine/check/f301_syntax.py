"""F301: an expression that cannot be read."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F301",
    "выражение не разбирается",
    of_expressions("F301"),
    (
        when("condition = frozen", "condition == frozen", "= frozen", "=="),
        when("weight > 0,5", "weight > 0.5", ",5", "точкой"),
    ),
    "Непонятное условие не выполнится ни разу, и вопрос не задался бы.",
)
