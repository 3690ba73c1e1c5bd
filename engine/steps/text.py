"""Ask for a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from engine.expressions.types import Text as TextType
from engine.expressions.types import Type
from engine.languages.message import Message
from engine.model.conversation import Input, Kind
from engine.model.values import Value
from engine.steps.base import Outcome, Step, Taken, View, texts_allowed


class TextStep(Step):
    """Ask for a text. `- text: ttn_number` stores it, trimmed, under `ttn_number`."""

    kind: ClassVar[str] = "text"
    expects: ClassVar[str] = Message("текст")

    length: tuple[int, int] = Field(default=(1, 1000), description="Least and most characters.")

    def result(self, records: Mapping[str, str]) -> Type:
        """Return text."""
        return TextType()

    def stands(self, value: Value, view: View) -> bool:
        """Tell whether it is a text of the right length."""
        del view
        return isinstance(value, str) and texts_allowed(value, *self.length) is None

    def read(self, given: Input, view: View) -> Outcome:
        """Take a typed text of the right length."""
        if given.kind is not Kind.TEXT:
            return self.wrong(given)
        said = given.said.strip()
        return texts_allowed(said, *self.length) or Taken(said)
