"""A computed field: nothing is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from engine.expressions.types import Number, Type
from engine.expressions.written import Expression
from engine.steps.base import LimitedStep


class ValueStep(LimitedStep):
    """Compute a field. `- value: difference` with `is: weight - docs_weight` stores the result;
    nothing is asked."""

    kind: ClassVar[str] = "value"
    asks: ClassVar[bool] = False

    is_: Expression = Field(alias="is", description="The expression whose result is kept.")
    unit: str = Field(
        default="", description="Unit of the result; decides how many digits are shown."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a number in the step's unit; the checker infers the exact type from `is`."""
        return Number(self.unit)

    def expressions(self) -> tuple[str, ...]:
        """Return the expression itself."""
        return (self.is_,)
