"""Limits in force: the newest version's rows, seeded from limits.yaml and changed in the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crm.quality.limits import in_force
from engine.errors import EngineError
from engine.expressions.compile import compile_expression
from engine.model.conversation import Bounds
from engine.model.values import Value


class DjangoLimits:
    """The Limits port."""

    def bounds(self, limit: str, arguments: Mapping[str, Value], at: datetime) -> Bounds:
        """Return the bounds of the first row in force whose condition holds.

        Raises EngineError when none does."""
        for row in in_force(limit, at):
            if not row.when or compile_expression(row.when)(arguments):
                return row.bounds
        raise EngineError(f"limit {limit} has no row in force for {dict(arguments)}")
