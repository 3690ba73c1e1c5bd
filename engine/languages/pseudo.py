"""A language that is none: every text in brackets and 40 % longer, its holes kept.

What is shown without brackets was never given to a translator; what no longer fits will not fit in
a language with long words either."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from engine.languages.message import Message, filled, finished

OPEN, CLOSE, FILLING = "⟦", "⟧", "~"
LONGER = 0.4
_MARKS = re.compile(f"[{OPEN}{CLOSE}{FILLING}]")
_HOLE = re.compile(r"\{[^{}]*\}")


def pseudo(template: str) -> str:
    """Translate a template.

    >>> pseudo("Осталось {left} кг")
    '⟦Осталось {left} кг~~~⟧'
    """
    plain = len(_HOLE.sub("", template))
    longer = max(0, math.ceil(plain * LONGER) - len(OPEN + CLOSE))
    return f"{OPEN}{template}{FILLING * longer}{CLOSE}"


def unmarked(text: str) -> str:
    """Return the Russian text again."""
    return _MARKS.sub("", text)


def uncovered(text: str) -> str:
    """Return what stands outside of all brackets.

    >>> uncovered("⟦Партия ⟦сырья⟧ 7⟧ Иванов")
    ' Иванов'
    """
    kept, depth = "", 0
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        kept += character if not depth and character != CLOSE else ""
    return kept


@dataclass(frozen=True, slots=True)
class Pseudo:
    """The language, made as it is spoken."""

    def say(self, text: str, /) -> str:
        """Return a text in brackets; data stays as it is."""
        if not isinstance(text, Message):
            return text
        values = {name: self.say(value) for name, value in text.values.items()}
        said = filled(pseudo(text.source), values)
        return OPEN + finished(said[1:], capital=text.capital)
