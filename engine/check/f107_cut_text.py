"""F107: a text that ` #` cuts, since YAML takes the rest for a comment."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule

RULE = Rule(
    "F107",
    "текст обрезан знаком « #»",
    None,
    (
        Example(
            FLOW,
            "prompt: Мест\n",
            "prompt: Место # на складе\n",
            'prompt: "Место # на складе"\n',
            "# на складе",
            "кавычки",
        ),
    ),
    "Всё после « #» для YAML примечание: рабочий увидел бы половину вопроса.",
)
