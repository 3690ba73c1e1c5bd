"""Do a transition of a record's lifecycle."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import Action, FireTransition, Planned, Planning
from engine.errors import EngineError
from engine.expressions.written import Expression
from engine.model.values import Row


class FireAction(Action):
    """Do a transition. `- fire: accept` with `on: batch`."""

    kind: ClassVar[str] = "fire"

    fire: str = Field(description="A transition of the lifecycle of the record.")
    on: Expression = Field(description="The record.")

    def expressions(self) -> tuple[str, ...]:
        """Return the record."""
        return (self.on,)

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the record. Raises EngineError when it is none: the checker refuses such a
        flow."""
        record = planning.evaluate(self.on)
        if not isinstance(record, Row):
            raise EngineError(f"fire {self.fire}: «{self.on}» is not a record")
        return FireTransition(self.fire, record, self.on)
