"""Run a plant operation."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import Action, Planned, Planning, RunOperation
from engine.expressions.written import Expression


class RunAction(Action):
    """Run an operation. `- run: take_delivery` with its typed parameters; the result gets the
    name of `as:`."""

    kind: ClassVar[str] = "run"

    run: str = Field(description="An operation of the Vocabulary.")
    as_: str = Field(
        default="", alias="as", description="Name of the result for the actions after this one."
    )
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Parameter to expression."
    )

    def expressions(self) -> tuple[str, ...]:
        """Return the parameters."""
        return tuple(self.with_.values())

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the parameters."""
        return RunOperation(
            self.run, {name: planning.evaluate(text) for name, text in self.with_.items()}, self.as_
        )
