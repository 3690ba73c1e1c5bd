"""What the analysis of a raw batch before the last one said (domain 11.4)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import RawBatch
from crm.quality.models import Verdict


def analysis_before(batch: RawBatch) -> str:
    """Return whether the attempt that would count without the last one `passed` or `failed`;
    `nothing` without one."""
    counted = batch.analyses.filter(voided_at__isnull=True).order_by("-attempt")
    verdicts = list(counted.values_list("verdict", flat=True)[:2])
    if len(verdicts) < 2:
        return "nothing"
    return "passed" if verdicts[1] == Verdict.PASS else "failed"


FACT = Fact(params=("raw_batch",), result="text", answer=analysis_before)
