"""F108: an `ignore` without a reason, of a code that is not there, or of one that cannot be."""

from __future__ import annotations

from engine.check.example import FLOW
from engine.check.rule import Example, Rule

RULE = Rule(
    "F108",
    "примечание «flow: ignore» не годится",
    None,
    (
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - integer: tags  # flow: ignore F307\n",
            "  - integer: tags  # без причины ничего не пропускают\n",
            "# flow: ignore",
            "причину",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - integer: tags  # flow: ignore F999 -- так надо\n",
            "  - integer: tags  # так надо\n",
            "F999",
            "правила",
        ),
        Example(
            FLOW,
            "  - integer: tags\n",
            "  - integer: tags  # flow: ignore F303 -- так надо\n",
            "  - integer: tags  # так надо\n",
            "F303",
            "исправьте",
        ),
    ),
    "Пропущенная без причины ошибка остаётся навсегда: через месяц никто не вспомнит, "
    "проверил её кто-нибудь или нет.",
)
