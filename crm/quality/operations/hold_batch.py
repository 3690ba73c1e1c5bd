"""Hold a raw batch that failed its analysis."""

from __future__ import annotations

from datetime import datetime

from crm.operation import Operation
from crm.own_words import FAILED, FAILED_BY
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.quality.models import Hold
from crm.quality.operations.place_hold import place_hold
from crm.quality.raw_failures import failures_text


def hold_batch(by: Person | None, *, at: datetime, batch: RawBatch, kind: str) -> Hold:
    """Hold a batch by what its last analysis found; a batch that is held so already stays so."""
    failed = failures_text(batch.analysis)
    reason = FAILED_BY.with_values({"failed": failed}) if failed else FAILED
    return place_hold(by, lot=batch.lot, kind=kind, reason=reason[:500], at=at)


OPERATION = Operation(
    {"batch": "raw_batch", "kind": "choice(lab, antibiotic, fhp, ash)"}, hold_batch
)
