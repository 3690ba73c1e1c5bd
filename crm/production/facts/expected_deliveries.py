"""The deliveries that are expected and have not come yet (domain 4.3, 4.6)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import RawBatch


def expected_deliveries() -> Iterator[RawBatch]:
    """Give the expected batches, the earliest first."""
    waiting = RawBatch.objects.filter(state=RawBatch.State.EXPECTED)
    yield from waiting.select_related("raw_material", "supplier").order_by("expected_date", "pk")


FACT = Fact(params=(), result="list of raw_batch", answer=expected_deliveries)
