"""Whether something was made of a raw batch (domain 11.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.ledger.models import Edge
from crm.production.models import RawBatch


def is_batch_taken(batch: RawBatch) -> bool:
    """Tell whether a blank or a mix took some of a batch, and kept it."""
    return Edge.objects.filter(parent=batch.lot_id, voided_by__isnull=True).exists()


FACT = Fact(params=("raw_batch",), result="bool", answer=is_batch_taken)
