"""Limits in force: the newest version's rows; the first are those of limits.yaml, later ones the
office's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crm.catalogue.reference import SINCE
from crm.own_words import FIRST_VALUES
from crm.quality.limits import in_force
from crm.quality.models import LimitVersion
from engine.errors import EngineError
from engine.expressions.compile import compile_expression
from engine.model.conversation import Bounds
from engine.model.values import Value
from engine.run.program import Program


class DjangoLimits:
    """The Limits port."""

    def bounds(self, limit: str, arguments: Mapping[str, Value], at: datetime) -> Bounds:
        """Return the bounds of the first row in force whose condition holds.

        Raises EngineError when none does."""
        for row in in_force(limit, at):
            if not row.when or compile_expression(row.when)(arguments):
                return row.bounds
        raise EngineError(f"limit {limit} has no row in force for {dict(arguments)}")


def without_values(program: Program) -> list[str]:
    """Return the names of the limits of a Program that have no version yet."""
    there = set(LimitVersion.objects.values_list("name", flat=True))
    return [name for name in program.limits if name not in there]


def give_first_values(program: Program) -> None:
    """Make the first version of each limit that has none, from the forms: no question and no check
    then asks for one that is not there."""
    for name in without_values(program):
        limit = program.limits[name]
        LimitVersion.objects.bulk_create(
            LimitVersion(
                name=name,
                title=limit.title,
                when=line.when or "",
                position=position,
                least=line.min,
                most=line.max,
                unit=limit.unit,
                source=limit.source,
                version=1,
                since=SINCE,
                reason=FIRST_VALUES,
            )
            for position, line in enumerate(limit.values)
        )
