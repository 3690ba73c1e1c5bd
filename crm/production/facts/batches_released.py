"""Whether the raw meat of a blank may be weighed now (domain 5.2)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.blank_waits import not_released
from crm.production.models import Blank


def batches_released(blank: Blank) -> bool:
    """Tell whether every batch of a blank is released and nothing holds it."""
    return not_released(blank) is None


FACT = Fact(params=("blank",), result="bool", answer=batches_released)
