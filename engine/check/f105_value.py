"""F105: a value of the wrong shape, or none where one is needed."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule

RULE = Rule(
    "F105",
    "значение ключа не подходит или его нет",
    None,
    (
        Example(
            FLOW,
            "      warn: 15m\n",
            "      warn: долго\n",
            "      warn: 20m\n",
            "долго",
            "долго",
        ),
        Example(
            FLOW,
            "      warn: 15m\n",
            "",
            "      warn: 10m\n",
            "title: Отклонение",
            "warn",
        ),
    ),
    "Форма с неподходящим значением не запустится: бот останется на прежней версии форм.",
)
