"""What of the last analysis of a raw batch failed (domain 4.8)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import RawBatch
from crm.quality.raw_failures import failures_text


def analysis_failures(batch: RawBatch) -> str:
    """Say what failed: «запах: не соответствует, тетрациклины: положительное»."""
    return failures_text(batch.analysis)


FACT = Fact(params=("raw_batch",), result="text", answer=analysis_failures)
