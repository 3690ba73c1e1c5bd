"""Keep what the technologist decided of a raw batch that failed its analysis."""

from __future__ import annotations

from datetime import datetime

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.quality.operations.note_deviation import DECISIONS, close_deviations


def decide_raw_analysis(
    by: Person | None, *, at: datetime, batch: RawBatch, decision: str, reason: str
) -> None:
    """Close the open deviations of a batch: `approved`, `rejected`, or `withdrawn` for a further
    analysis."""
    kinds = ("lab", "antibiotic")
    close_deviations(by, lot=batch.lot, kinds=kinds, state=decision, reason=reason, at=at)


OPERATION = Operation(
    {"batch": "raw_batch", "decision": DECISIONS, "reason": "text"}, decide_raw_analysis
)
