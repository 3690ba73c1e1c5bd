"""Which holds end when a raw batch leaves the plant (domain 5.1, 9.2)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import RawBatch
from crm.production.operations.end_holds import ending


def holds_that_end(batch: RawBatch) -> str:
    """Say «Анализ сырья: запах» of each; empty when nothing holds it, or something was made of it
    that its holds go on keeping."""
    return "; ".join(map(str, ending(batch)))


FACT = Fact(params=("raw_batch",), result="text?", answer=holds_that_end)
