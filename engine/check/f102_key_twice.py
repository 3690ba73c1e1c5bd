"""F102: a key that stands twice: YAML would silently take the last."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule

RULE = Rule(
    "F102",
    "ключ повторён",
    None,
    (
        Example(
            FLOW,
            "title: Приёмка\n",
            "title: Приёмка\ntitle: Другая\n",
            "title: Другая\n",
            "title: Другая",
            "оставьте",
        ),
    ),
    "Из двух одинаковых ключей YAML молча берёт последний: первый вопрос или текст пропал бы.",
)
