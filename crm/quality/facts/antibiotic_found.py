"""Whether an antibiotic stands against a raw batch (domain 4.10)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import RawBatch
from crm.quality.models import Hold, HoldKind
from crm.quality.raw_failures import has_antibiotic


def antibiotic_found(batch: RawBatch) -> bool:
    """Tell whether the last attempt found an antibiotic, or one found before still holds the
    batch."""
    found = batch.analysis is not None and has_antibiotic(batch.analysis.failures)
    return found or Hold.objects.open_on(batch.lot_id, HoldKind.ANTIBIOTIC).exists()


FACT = Fact(params=("raw_batch",), result="bool", answer=antibiotic_found)
