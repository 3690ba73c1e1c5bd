"""F401: a field that is read before its question."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F401",
    "поле читается до своего вопроса",
    of_expressions("F401"),
    (when("tags > 1", "weight > 20", "tags", "переставьте"),),
    "Поле появляется только после своего вопроса. Раньше читать нечего.",
)
