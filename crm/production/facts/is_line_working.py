"""Whether a line works now: the hourly checks of the plan hang on that (domain 14.3)."""

from __future__ import annotations

from crm.fact import Fact
from crm.production.models import Mix
from crm.production.models.mix import ON_LINE


def is_line_working(line: int) -> bool:
    """Tell whether a mix stands at a station of the line."""
    return Mix.objects.filter(line=line, state__in=[*ON_LINE]).exists()


FACT = Fact(params=("integer",), result="bool", answer=is_line_working)
