"""F104: a kind of step or action that is not there."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule

RULE = Rule(
    "F104",
    "нет такого вида шага или действия",
    None,
    (
        Example(
            FLOW,
            "  - integer: count_of\n",
            "  - intger: count_of\n",
            "  - number: count_of\n",
            "intger",
            "integer",
        ),
        Example(
            FLOW,
            "  - fire: accept\n",
            "  - fier: accept\n",
            "  - fire: close\n",
            "fier",
            "fire",
        ),
    ),
    "Вид — первое слово шага или действия; без него неизвестно, о чём спрашивать и что делать.",
)
