"""Keep what the technologist decided of a mix that failed an analysis."""

from __future__ import annotations

from datetime import datetime

from crm.ledger.operations.take_out import checked_reason
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.models import Deviation
from crm.quality.operations.note_deviation import DECISIONS, close_deviations


def decide_mix_analysis(
    by: Person | None,
    *,
    at: datetime,
    mix: Mix,
    kind: str,
    decision: str,
    reason: str | None = None,
) -> None:
    """Close the open deviations of a mix of one kind: `approved`, `rejected`, or `withdrawn` for a
    further analysis, which needs no reason. Raises Refused for another decision without a reason of
    5 to 500 characters (domain 4.23)."""
    if decision != Deviation.State.WITHDRAWN:
        reason = checked_reason(reason or "")
    close_deviations(by, lot=mix.lot, kinds=(kind,), state=decision, reason=reason or "", at=at)


OPERATION = Operation(
    {"mix": "mix", "kind": "choice(fhp, ash)", "decision": DECISIONS, "reason": "text?"},
    decide_mix_analysis,
)
