"""A sub-flow: its questions are asked here, its result becomes the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from engine.expressions.types import Record, Type
from engine.expressions.written import Expression
from engine.steps.base import Step


class CallStep(Step):
    """Ask the questions of another flow. `- call: docs` with `flow: vet_documents`; the field is a
    record of that flow's `result:`, `docs.weight` one of its fields.

    The called flow has `given`, `steps` and `result`, no `roles` and no `save`."""

    kind: ClassVar[str] = "call"
    asks: ClassVar[bool] = False

    flow: str = Field(description="The flow whose questions are asked.")
    with_: dict[str, Expression] = Field(
        default={}, alias="with", description="Parameter of that flow to expression."
    )

    def result(self, records: Mapping[str, str]) -> Type:
        """Return a record of the called flow's result."""
        return Record(f"{self.flow}()")

    def expressions(self) -> tuple[str, ...]:
        """Return the parameters."""
        return tuple(self.with_.values())
