"""F402: a field that may be skipped, where a value is needed."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F402",
    "поле может быть пропущено, а значение нужно",
    of_expressions("F402"),
    (Example(FLOW, "weight: weight,", "weight: docs,", "weight: weight ,", "docs", "otherwise"),),
    "Операции нужно значение, а рабочий может его пропустить: сохранение отказало бы в "
    "самом конце.",
)
