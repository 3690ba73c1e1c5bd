"""Keep that the author of an analysis has checked the certificate of a raw batch (domain 4.9)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.quality.models import RawAnalysis
from engine.errors import Refusal, Refused


@transaction.atomic
def issue_certificate(by: Person, *, at: datetime, batch: RawBatch) -> RawAnalysis:
    """Mark the last analysis as certified: what is printed of it from now on is no draft.

    Who did it first stays. Raises Refused for a batch that was not analysed."""
    analysis = batch.analysis
    if analysis is None:
        raise Refused(
            Refusal("Акт не выпускается без анализа: партия {number}", {"number": str(batch)})
        )
    if analysis.certified_at is None:
        analysis.certified_by, analysis.certified_at = by, at
        analysis.save(update_fields=["certified_by", "certified_at"])
    return analysis


OPERATION = Operation({"batch": "raw_batch"}, issue_certificate)
