"""F202: broken braces of a text, or a name in them that is not there."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F202",
    "скобки в тексте нечем заполнить",
    of_expressions("F202"),
    (
        Example(FLOW, "{weight}?", "{wieght}?", "{weight} кг?", "wieght", "weight"),
        Example(FLOW, "{weight}?", "{weight?", "{{weight}}?", "{weight", "{{"),
    ),
    "Текст с такими скобками нечем заполнить: сообщение не ушло бы никому.",
)
