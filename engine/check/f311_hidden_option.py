"""F311: an option that a field of the same name hides where it is compared with, or will hide: a
question further on is called like it."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F311",
    "вариант и поле зовутся одинаково",
    of_expressions("F311"),
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - choice: stop\n    options: {stop: Остановить, go: Дальше}\n    prompt: Станция\n"
            "  - integer: tags\n    when: stop == stop\n",
            "  - choice: stop\n    options: {halt: Остановить, go: Дальше}\n    prompt: Станция\n"
            "  - integer: tags\n    when: stop == halt\n",
            "stop\n    range",
            "переименуйте вариант",
        ),
        Example(
            FLOW,
            "  - integer: tags\n    range: [0, 99]\n",
            "  - choice: told_by\n    options: {tags: Бирки, word: Слова}\n    prompt: Откуда\n"
            "  - integer: tags\n    when: told_by == tags\n    range: [0, 99]\n",
            "  - choice: told_by\n    options: {label: Бирки, word: Слова}\n    prompt: Откуда\n"
            "  - integer: tags\n    when: told_by == label\n    range: [0, 99]\n",
            "tags\n    range",
            "или вопрос",
        ),
    ),
    "Сравнили бы с полем, а не с вариантом: «stop == stop» верно всегда, когда спрошено. Стоит "
    "вопросу с именем варианта быть задан, и то же слово значит другое.",
)
