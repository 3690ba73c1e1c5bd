"""Everything that the last analysis of a raw batch found (domain 4.10)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import RawBatch
from crm.quality.raw_failures import values_lines
from engine.languages.message import Message, listed


def analysis_values(batch: RawBatch) -> str:
    """Say every value, a line each, what failed marked: «❌ запах: не соответствует»."""
    found = batch.analysis
    return Message("анализа нет") if found is None else listed(values_lines(found), "\n")


FACT = Fact(params=("raw_batch",), result="text", answer=analysis_values)
