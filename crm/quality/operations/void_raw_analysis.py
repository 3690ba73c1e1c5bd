"""Take the last analysis of a raw batch back (domain 11.4, «Вернуть на этап»)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.documents.models import Document
from crm.documents.operations.issue import VALID
from crm.documents.operations.replace_certificate import KIND
from crm.documents.operations.void_document import void_document
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import RawBatch
from crm.quality.models import Hold, HoldKind, Verdict
from crm.quality.operations.hold_batch import hold_batch
from crm.quality.operations.note_deviation import close_deviations
from crm.quality.operations.record_raw_analysis import know_by
from crm.quality.operations.release_hold import release_hold
from crm.quality.raw_failures import has_antibiotic

FOUND = (HoldKind.LAB, HoldKind.ANTIBIOTIC)  # the holds of a failed analysis


@transaction.atomic
def void_raw_analysis(
    by: Person | None,
    *,
    at: datetime,
    batch: RawBatch,
    reason: str,
    second: Person | None = None,
) -> None:
    """Void the last attempt and what was printed of it; the batch is known and held by the attempt
    before, or by none. Whether it may be is asked by its lifecycle."""
    last = batch.analysis
    if last is None:
        return
    last.voided_at = at
    last.save(update_fields=["voided_at"])
    close_deviations(by, lot=batch.lot, kinds=FOUND, state="withdrawn", reason=reason, at=at)
    papers = Document.objects.filter(lot=batch.lot_id, kind=KIND, state__in=VALID)
    for paper in papers.order_by("pk"):
        void_document(by, document=paper, reason=reason, at=at)
    kind = None
    now = RawBatch.objects.get(pk=batch.pk)  # the one that was given remembers its last analysis
    if now.analysis is not None:
        know_by(now, now.analysis)
        if now.analysis.verdict != Verdict.PASS:
            found = has_antibiotic(now.analysis.failures)
            kind = HoldKind.ANTIBIOTIC if found else HoldKind.LAB
            hold_batch(by, at=at, batch=now, kind=kind)
    for hold in Hold.objects.open_on(batch.lot_id, *FOUND).exclude(kind=kind):
        if second is not None:
            release_hold(by, hold=hold, reason=reason, at=at)
        release_hold(second or by, hold=hold, reason=reason, at=at, decided=True)


OPERATION = Operation({"batch": "raw_batch", "reason": "text"}, void_raw_analysis)
