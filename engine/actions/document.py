"""Make a document for a record and send it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from engine.actions.base import Action, Planned, Planning
from engine.errors import EngineError
from engine.expressions.written import Expression
from engine.model.effects import Paper
from engine.model.values import Row


class DocumentAction(Action):
    """Make a document. `- document: incoming_control` with `from: batch`, sent to the actor."""

    kind: ClassVar[str] = "document"

    document: str = Field(description="A folder of templates/.")
    from_: Expression = Field(alias="from", description="The record whose values are printed.")
    send_to: Literal["actor"] = Field(default="actor", description="Who gets it.")

    def expressions(self) -> tuple[str, ...]:
        """Return the record."""
        return (self.from_,)

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the record. Raises EngineError when it is none: the checker refuses such a
        flow."""
        record = planning.evaluate(self.from_)
        if not isinstance(record, Row):
            raise EngineError(f"document {self.document}: «{self.from_}» is not a record")
        return Paper(planning.key, self.document, record.kind, record.id, planning.actor.id)
