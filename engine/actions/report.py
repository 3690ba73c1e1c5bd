"""Make a report and send it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from engine.actions.base import Action, Planned, Planning
from engine.expressions.written import Expression
from engine.model.effects import ReportWanted


class ReportAction(Action):
    """Make a report. `- report: raw_stock`; its parameters stand under `with:`."""

    kind: ClassVar[str] = "report"
    keyed: ClassVar[bool] = True

    report: str = Field(description="A file of flows/reports/.")
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Parameter of the report to expression."
    )
    send_to: Literal["actor"] = Field(default="actor", description="Who gets it.")

    def expressions(self) -> tuple[str, ...]:
        """Return the parameters."""
        return tuple(self.with_.values())

    def plan(self, planning: Planning) -> Planned:
        """Evaluate the parameters."""
        arguments = {name: planning.evaluate(text) for name, text in self.with_.items()}
        return ReportWanted(planning.key, self.report, arguments, planning.actor.id)
