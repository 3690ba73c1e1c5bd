"""Ask for a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from math import prod
from typing import ClassVar

from pydantic import Field, field_validator, model_validator

from engine.errors import Refusal
from engine.expressions.types import Text as TextType
from engine.expressions.types import Type
from engine.expressions.written import Expression
from engine.languages.message import Message
from engine.model.conversation import Input, Kind
from engine.model.values import Value
from engine.steps.base import Outcome, Step, Taken, View, shortened, texts_allowed
from engine.steps.bounds import UNKNOWN, exact

LONGEST_WITH_PATTERN = 200  # characters: what a pattern may cost stays small
MOST_WAYS = LONGEST_WITH_PATTERN**3  # to try a pattern on one text: three «*» are as many
_FOREIGN = re.compile(r"\(\?(?!:)|\\[1-9Agbz]|\)[*+{]|[*+}][*+]")
_CHOICES = re.compile(r"[*+|]|(?<!\()\?|\{([0-9]*),([0-9]*)\}")


def read_pattern(text: str) -> str:
    """Check a pattern: a regular expression whose cost stays small on any answer. Raises ValueError
    in words."""
    if len(text) > LONGEST_WITH_PATTERN:
        raise ValueError("образец длиннее 200 знаков")
    bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "x", text)
    if _FOREIGN.search(bare) or re.search(r"\\[1-9]", text):
        raise ValueError("в образце повторяют только знаки и [наборы], без групп и ссылок")
    if prod(map(_ways, _CHOICES.finditer(bare))) > MOST_WAYS:
        raise ValueError("в образце слишком много «*», «+», «?», «|» и повторений")
    try:
        re.compile(text)
    except re.error:
        raise ValueError("образец не читается как регулярное выражение") from None
    return text


def _ways(choice: re.Match[str]) -> int:
    """Return in how many ways a sign of a pattern can be met by one text."""
    if choice[0] in "?|":
        return 2
    if not choice[2]:  # an asterisk, a plus, {3,}
        return LONGEST_WITH_PATTERN
    return 1 + min(LONGEST_WITH_PATTERN, abs(int(choice[2]) - int(choice[1] or 0)))


class TextStep(Step):
    """Ask for a text. `- text: ttn_number` stores it, trimmed, under `ttn_number`."""

    kind: ClassVar[str] = "text"
    expects: ClassVar[str] = Message("текст")

    length: tuple[Expression, Expression] = Field(
        default=("1", "1000"), description="Least and most characters, as expressions."
    )
    pattern: str = Field(
        default="",
        description="A regular expression that the whole answer must meet; wants an `example`.",
    )

    @field_validator("pattern")
    @classmethod
    def _readable(cls, pattern: str) -> str:
        return read_pattern(pattern)

    @model_validator(mode="after")
    def _shown(self) -> TextStep:
        if self.pattern and not re.fullmatch(self.pattern, self.example):
            raise ValueError("к «pattern» нужен «example», который ему отвечает")
        return self

    def result(self, records: Mapping[str, str]) -> Type:
        """Return text."""
        return TextType()

    def expressions(self) -> tuple[str, ...]:
        """Return the bounds of the length."""
        return self.length

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether it is a text of the right length and form."""
        return isinstance(value, str) and self._refusal(value, view) is None

    def read(self, given: Input, view: View) -> Outcome:
        """Take a typed text of the right length and form."""
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        said = given.said.strip()
        return self._refusal(said, view) or Taken(said)

    def _refusal(self, said: str, view: View) -> Refusal | None:
        least, most = (exact(view.evaluate(bound)) for bound in self.length)
        if not isinstance(least, Decimal) or not isinstance(most, Decimal):
            return UNKNOWN
        refusal = texts_allowed(said, int(least), int(most))
        if refusal is not None or not self.pattern:
            return refusal
        if len(said) <= LONGEST_WITH_PATTERN and re.fullmatch(self.pattern, said):
            return None
        return Refusal(
            "«{said}» не подходит. Напишите так: {example}",
            {"said": shortened(said), "example": self.example},
        )
