"""The deliveries that are expected and have not come yet (domain 4.3, 4.6)."""

from __future__ import annotations

from crm.fact import Fact
from crm.prepared import Prepared
from crm.production.models import RawBatch
from crm.together import answered

EXPECTED = Prepared(
    lambda: (
        RawBatch.objects.filter(state=RawBatch.State.EXPECTED)
        .select_related("raw_material", "supplier")
        .order_by("expected_date", "pk")
    )
)


def expected_deliveries() -> list[RawBatch]:
    """Return the expected batches, the earliest first."""
    return answered(EXPECTED)


FACT = Fact(params=(), result="list of raw_batch", answer=expected_deliveries)
