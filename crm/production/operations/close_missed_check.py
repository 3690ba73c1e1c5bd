"""End the deviation of a check that was made after all, or that there is nothing left to make on
(domain 14.3)."""

from __future__ import annotations

from datetime import datetime

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import FreezerLoad
from crm.production.operations.note_missed_check import KIND, lot_of
from crm.quality.models import Deviation
from crm.quality.operations.note_deviation import close_deviations


def close_missed_check(by: Person | None, *, at: datetime, load: FreezerLoad, reason: str) -> None:
    """Withdraw the open one, with why; what was measured is judged by its own limit."""
    state = Deviation.State.WITHDRAWN
    close_deviations(by, lot=lot_of(load), kinds=(KIND,), state=state, reason=reason, at=at)


OPERATION = Operation({"load": "freezer_load", "reason": "text"}, close_missed_check)
