"""F303: a name that is no field."""

from __future__ import annotations

from engine.check.example import when
from engine.check.rule import Rule
from engine.check.subject import of_expressions

RULE = Rule(
    "F303",
    "нет такого поля",
    of_expressions("F303"),
    (
        when("wieght > 10", "weight > 20", "wieght", "weight"),
        when("company.nmae == company.name", "company.name == company.name", "nmae", "name"),
    ),
    "Поля с таким именем нет, условие не посчитать, а непосчитанный предел считается нарушенным.",
)
