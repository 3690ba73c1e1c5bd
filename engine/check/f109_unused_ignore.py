"""F109: an `ignore` that covers no finding."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule

RULE = Rule(
    "F109",
    "примечание «flow: ignore» ничего не пропускает",
    None,
    (
        Example(
            FLOW,
            "    when: weight > 10\n",
            "    # flow: ignore F307 -- пока один склад\n    when: weight > 10\n",
            "    # flow: ignore F307 -- пока один склад\n    when: 1 > 2\n",
            "F307",
            "уберите",
        ),
    ),
    "Ошибку исправили, а примечание осталось: оно молча пропустит следующую, новую.",
)
