"""Keep what the technologist decided of a repeated defrosting (domain 4.16, 5.9)."""

from __future__ import annotations

from datetime import datetime

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank
from crm.production.operations.ask_redefrost import KIND
from crm.quality.operations.note_deviation import DECISIONS, close_deviations


def decide_redefrost(
    by: Person | None, *, at: datetime, blank: Blank, decision: str, reason: str | None = None
) -> None:
    """Close the open request with its decision; a consent needs no reason."""
    close_deviations(by, lot=blank.lot, kinds=(KIND,), state=decision, reason=reason or "", at=at)


OPERATION = Operation(
    {"blank": "blank", "decision": DECISIONS, "reason": "text?"}, decide_redefrost
)
