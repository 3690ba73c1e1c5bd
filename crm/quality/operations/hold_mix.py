"""Hold a mix that failed an analysis."""

from __future__ import annotations

from datetime import datetime

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold


def hold_mix(by: Person | None, *, at: datetime, mix: Mix, kind: str, reason: str) -> Hold:
    """Hold a mix, and with it whatever is made of it; one that is held so already stays so.

    Raises Refused without a reason of 5 to 500 characters."""
    return place_hold(by, lot=mix.lot, kind=kind, reason=reason, at=at)


OPERATION = Operation(
    {"mix": "mix", "kind": "choice(lab, antibiotic, fhp, ash)", "reason": "text"}, hold_mix
)
