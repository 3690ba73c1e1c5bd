"""F101–F106: what loading itself finds; here only its examples."""

from __future__ import annotations

from engine.check.rule import Example, Rule, nothing

FLOW = "flows/area/delivery.yaml"
TITLE = "title: Приёмка\n"

RULE = Rule(
    {"F101": "YAML не читается", "F102": "ключ повторён", "F103": "нет такого ключа", "F104": "нет такого вида",
     "F105": "значение ключа не подходит", "F106": "имя уже занято"},
    nothing,
    (
        Example("F101", FLOW, TITLE, "title: Приёмка: сырьё\n", 'title: "Приёмка: сырьё"\n', ": сырьё", "кавычки"),
        Example("F102", FLOW, TITLE, "title: Приёмка\ntitle: Другая\n", "title: Другая\n", "title: Другая", "оставьте"),
        Example("F103", FLOW, "    prompt: Мест\n", "    promt: Мест\n", "    prompt: Мест!\n", "promt", "prompt"),
        Example("F104", FLOW, "  - integer: count_of\n", "  - intger: count_of\n", "  - integer: count_of\n", "intger",
                "integer"),
        Example("F105", FLOW, "      warn: 15m\n", "      warn: долго\n", "      warn: 20m\n", "долго", "warn"),
    ),
)
