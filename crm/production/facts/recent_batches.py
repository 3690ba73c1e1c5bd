"""The raw batches of the last 30 days (domain 4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from crm.fact import Fact
from crm.production.models import RawBatch

RECENT = timedelta(days=30)


def recent_batches() -> Iterator[RawBatch]:
    """Give the batches that were received in the last 30 days, the latest first."""
    since = timezone.now() - RECENT
    rows = RawBatch.objects.filter(received_at__gte=since, number__isnull=False)
    yield from rows.select_related("raw_material", "supplier").order_by("-received_at", "-pk")


FACT = Fact(params=(), result="list of raw_batch", answer=recent_batches)
