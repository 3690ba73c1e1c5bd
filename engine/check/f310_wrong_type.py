"""F310: a value of another kind than the place needs."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F310",
    "не тот вид значения",
    of_expressions("F310"),
    (when("weight + 1", "weight > 20", "weight + 1", "условие"),),
    "На этом месте нужен другой вид значения; с таким форма не посчитается.",
)
