"""F307: a condition that never changes."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F307",
    "условие всегда одно и то же",
    of_expressions("F307"),
    (when("1 > 2", "weight > 20", "1 > 2", "полем"),),
    "Условие, которое всегда одно и то же, ничего не решает: скорее всего, в нём описка.",
)
