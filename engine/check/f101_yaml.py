"""F101: a file that YAML cannot read, said in words."""

from __future__ import annotations

from engine.check.example import FLOW, PROJECT
from engine.check.rule import Example, Rule

RULE = Rule(
    "F101",
    "YAML не читается",
    None,
    (
        Example(
            FLOW,
            "title: Приёмка\n",
            "title: Приёмка: сырьё\n",
            'title: "Приёмка: сырьё"\n',
            ": сырьё",
            "кавычки",
        ),
        Example(
            FLOW,
            "range: [0, 99]",
            "range: [0:99]",
            'range: [0, "99"]',
            ":99",
            "кавычки",
        ),
        Example(
            FLOW,
            "    prompt: Мест\n",
            "    check: [{that: max(count_of, 1) < 9, say: Много}]\n    prompt: Мест\n",
            '    check: [{that: "max(count_of, 1) < 9", say: Много}]\n    prompt: Мест\n',
            "max(",
            "кавычки",
        ),
        Example(
            PROJECT,
            "{when: load.line == 1, role: porter}",
            "{when: load.line == 1?, role: porter}",
            "{when: load.line == 1, role: porter}",
            "?,",
            "кавычки",
        ),
    ),
    "Файл, который не читается, не заработает совсем: бот останется на прежней версии форм.",
)
