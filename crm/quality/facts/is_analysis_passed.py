"""Whether the last analysis of a raw batch passed (domain 5.1)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import RawBatch
from crm.quality.models import Verdict


def is_analysis_passed(batch: RawBatch) -> bool:
    """Tell whether the last attempt that counts passed; no attempt is no pass."""
    return batch.analysis is not None and batch.analysis.verdict == Verdict.PASS


FACT = Fact(params=("raw_batch",), result="bool", answer=is_analysis_passed)
