"""F206: a word that goes with a number, and lacks a form or has one that Russian does not know."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F206",
    "слово при числе стоит не во всех формах",
    of_expressions("F206"),
    (
        Example(
            FLOW,
            "prompt: Бирок",
            'prompt: "Бирок на {count_of | one место | many мест}"',
            'prompt: "Бирок на {count_of} {count_of | one место | few места | many мест}"',
            "count_of",
            "few",
        ),
        Example(
            FLOW,
            "prompt: Бирок",
            'prompt: "Бирок на {count_of | one место | fwe места | many мест}"',
            'prompt: "Бирок на {count_of | one место | few места | many мест}"',
            "fwe",
            "возможно, «few»",
        ),
        Example(
            FLOW,
            "prompt: Бирок",
            'prompt: "Бирок на {count_of | one место | few места | few штуки | many мест}"',
            'prompt: "Бирок на {count_of | one место | few места | many мест | other места}"',
            "few штуки",
            "одну",
        ),
        Example(
            FLOW,
            "prompt: Бирок",
            'prompt: "Бирок на {count_of | one место | few | many мест}"',
            'prompt: "Бирок на {count_of | one место | few места | many мест}"',
            "few",
            "слово",
        ),
        Example(
            FLOW,
            "prompt: Бирок",
            'prompt: "Бирок на {company | one место | few места | many мест}"',
            'prompt: "Бирок на {count_of | one место | few места | many мест}"',
            "company",
            "число",
        ),
    ),
    "Рабочий прочёл бы «2 мест»; слово в {n | one … | few … | many …} выбирается по числу: "
    "21 место, 2 места, 5 мест.",
)
