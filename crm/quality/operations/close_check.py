"""Close the deviation of a check when a second person has verified what was done (domain 5.9,
14.3)."""

from __future__ import annotations

from datetime import datetime

from crm.operation import Operation
from crm.people.models import Person
from crm.quality.models import Check, Deviation
from crm.quality.operations.note_deviation import close_deviation


def close_check(by: Person | None, *, at: datetime, check: Check) -> None:
    """Approve the deviation of a check, with what was done about it."""
    if check.deviation is not None:
        state = Deviation.State.APPROVED
        close_deviation(by, check.deviation, state=state, reason=check.correction, at=at)


OPERATION = Operation({"check": "check"}, close_check)
