"""F302: kilograms compared with degrees, texts that are counted with."""

from __future__ import annotations

from engine.check.example import FLOW, when
from engine.check.rule import Example, Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F302",
    "величины не подходят друг к другу",
    of_expressions("F302"),
    (
        when("weight > body_temp", "weight > 20", "body_temp", "одной единицы"),
        Example(
            FLOW,
            "number: weight\n    unit: kg\n    range: [0.001, 40000]",
            "number: weight\n    unit: °C\n    range: [1, 40]",
            "number: weight\n    unit: kg\n    range: [1, 40]",
            "°C",
            "unit: kg",
        ),
    ),
    "Килограммы с градусами не сравнивают: такое условие — всегда описка в имени поля.",
)
