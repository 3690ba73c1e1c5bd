"""Open another flow for the person who saved."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import Action, Planned, Planning
from engine.expressions.written import Expression
from engine.model.effects import Open


class OpenAction(Action):
    """Open another flow. `- open: certificate_check` with `with: {batch: batch}`."""

    kind: ClassVar[str] = "open"

    open: str = Field(description="A flow.")
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Parameter of that flow to expression."
    )

    def expressions(self) -> tuple[str, ...]:
        """Return the parameters."""
        return tuple(self.with_.values())

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the parameters."""
        given = {name: planning.evaluate(text) for name, text in self.with_.items()}
        return Open(self.open, given)
