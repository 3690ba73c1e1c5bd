"""Keep a measured value with the limit in force."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import Action, Planned, Planning
from engine.expressions.written import Expression
from engine.model.conversation import Bounds
from engine.model.effects import Measured


class MeasureAction(Action):
    """Keep a value among the measurements. `- measure: core_temp` with `value:` and `limit:`; the
    `run` after it gets it in `measurements`.

    Answers that have a limit of their own are there by themselves."""

    kind: ClassVar[str] = "measure"

    measure: str = Field(description="Name of the measurement.")
    value: Expression = Field(description="The value.")
    limit: Expression | None = Field(
        default=None, description="A limit of limits.yaml with its arguments."
    )

    def expressions(self) -> tuple[str, ...]:
        """Return the value; the limit is compiled by itself."""
        return (self.value,)

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the value and find the bounds."""
        bounds = planning.bounds(self.limit) if self.limit else None
        value = planning.evaluate(self.value)
        return Measured(self.measure, value, bounds or Bounds(self.measure))
