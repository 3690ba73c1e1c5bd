"""F103: a key that the schema does not have."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule

RULE = Rule(
    "F103",
    "нет такого ключа",
    None,
    (
        Example(
            FLOW,
            "    prompt: Мест\n",
            "    promt: Мест\n",
            "    prompt: Сколько мест\n",
            "promt",
            "prompt",
        ),
        Example(
            FLOW,
            "    options: {chilled",
            "    optons: {chilled",
            "    options: {chilled",
            "optons",
            "options",
        ),
    ),
    "Ключ с опиской не делает ничего, а вопрос работает так, будто его не писали.",
)
