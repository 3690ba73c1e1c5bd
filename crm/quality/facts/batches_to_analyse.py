"""The raw batches that wait for an analysis (domain 4.8)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.prepared import Prepared
from crm.production.models import RawBatch
from crm.work.models import Task

TASK = "analyse_raw"
WAITING = Prepared(
    lambda: (
        Task.objects.waiting()
        .filter(subject=RawBatch.RECORD, kind=TASK)
        .values_list("subject_id", flat=True)
    )
)


def batches_to_analyse() -> Iterator[RawBatch]:
    """Give the batches whose task of analysis waits, the oldest first."""
    ids = [int(pk) for pk in WAITING.rows()]
    rows = RawBatch.objects.filter(pk__in=ids).select_related("raw_material", "supplier")
    yield from rows.order_by("received_at", "pk")


FACT = Fact(params=(), result="list of raw_batch", answer=batches_to_analyse)
