"""F306: a value that may be not given, used without asking first."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F306",
    "значение может быть не задано",
    of_expressions("F306"),
    (when("docs > 1", "is_set(docs) and docs > 1", "docs", "is_set(docs)"),),
    "Пропущенный ответ — не ноль. Сравнивать его не с чем, и условие не посчиталось бы.",
)
