"""How much of a raw batch is free (domain 7.1)."""

from __future__ import annotations

from decimal import Decimal

from crm.fact import Fact
from crm.ledger.stock import available
from crm.production.models import RawBatch


def available_of(batch: RawBatch) -> Decimal:
    """Return the kilograms that are there and not reserved."""
    return available(batch.lot_id)


FACT = Fact(params=("raw_batch",), result="number kg", answer=available_of)
