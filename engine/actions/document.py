"""Make a document for a record and send it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from engine.actions.base import Action, Planned, Planning, record_of
from engine.expressions.written import Expression
from engine.model.effects import Paper


class DocumentAction(Action):
    """Make a document. `- document: incoming_control` with `from: batch`, sent to the actor."""

    kind: ClassVar[str] = "document"
    keyed: ClassVar[bool] = True

    document: str = Field(description="A folder of templates/.")
    from_: Expression = Field(alias="from", description="The record whose values are printed.")
    send_to: Literal["actor"] = Field(default="actor", description="Who gets it.")

    def expressions(self) -> tuple[str, ...]:
        """Return the record."""
        return (self.from_,)

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the record. Raises EngineError when it is none: the checker refuses such a
        flow."""
        record = record_of(planning, self.from_, f"document {self.document}")
        return Paper(planning.key, self.document, record.kind, record.id, planning.actor.id)
