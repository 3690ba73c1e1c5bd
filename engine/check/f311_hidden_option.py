"""F311: an option that a field of the same name hides where it is compared with."""

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
    ),
    "Сравнили бы с полем, а не с вариантом: «stop == stop» верно всегда, когда спрошено.",
)
