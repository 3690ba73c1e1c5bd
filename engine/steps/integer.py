"""Ask for a whole number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.expressions.types import Integer, Type
from engine.languages.message import Message
from engine.steps.base import View
from engine.steps.number import Measure, NumberStep


class IntegerStep(NumberStep):
    """Ask for a whole number. `- integer: tags_number` stores it under `tags_number`; it has no
    unit."""

    kind: ClassVar[str] = "integer"
    expects: ClassVar[str] = Message("целое число")

    def result(self, records: Mapping[str, str]) -> Type:
        """Return an integer."""
        return Integer()

    def measure(self, view: View) -> Measure:
        """Return what the number must be now."""
        return Measure(view.unit, 0, self.bounds(view), self.example)
