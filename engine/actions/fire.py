"""Do a transition of a record's lifecycle."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from engine.actions.base import Action, FireTransition, Planned, Planning, record_of
from engine.expressions.written import Expression
from engine.model.values import show


class FireAction(Action):
    """Do a transition. `- fire: accept` with `on: batch`."""

    kind: ClassVar[str] = "fire"

    fire: str = Field(description="A transition of the lifecycle of the record.")
    on: Expression = Field(description="The record.")
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Values for the transition's `set:` and `do:`."
    )
    reason: Expression | None = Field(default=None, description="The reason, where one is needed.")

    def expressions(self) -> tuple[str, ...]:
        """Return the record, the values, the reason."""
        return (self.on, *self.with_.values(), *((self.reason,) if self.reason else ()))

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the record. Raises EngineError when it is none: the checker refuses such a
        flow."""
        record = record_of(planning, self.on, f"fire {self.fire}")
        reason = planning.evaluate(self.reason) if self.reason else None
        given = {name: planning.evaluate(text) for name, text in self.with_.items()}
        said = "" if reason is None else show(reason)
        return FireTransition(self.fire, record, self.on, said, given)
