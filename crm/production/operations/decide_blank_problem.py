"""Keep what the technologist decided of a problem with a blank (domain 4.14)."""

from __future__ import annotations

from datetime import datetime

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank
from crm.production.models.blank import BlankProblem
from crm.quality.operations.note_deviation import DECISIONS, close_deviations


def decide_blank_problem(
    by: Person | None, *, at: datetime, blank: Blank, decision: str, reason: str
) -> None:
    """Close the open deviations of unpacking: `approved` goes on, `rejected` is weighed again or
    taken off. A hold stays until it is released."""
    kinds = tuple(BlankProblem.values)
    close_deviations(by, lot=blank.lot, kinds=kinds, state=decision, reason=reason, at=at)


OPERATION = Operation(
    {"blank": "blank", "decision": DECISIONS, "reason": "text"}, decide_blank_problem
)
