"""The limit of a check of the plan, in words (domain 4.43)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.quality.checks import bounds_of
from crm.quality.limits import source_of
from crm.quality.models import Check
from engine.languages.message import Message
from engine.run.texts import show_limit


def check_norm(check: Check) -> str:
    """Say «≤ 4,0 °C (план ХАССП, L3)» of the limit in force."""
    bounds = bounds_of(check, timezone.now())
    source = source_of(bounds.name, bounds.source)
    words = {"norm": show_limit(bounds, None), "unit": bounds.unit, "source": source}
    return Message("{norm} {unit} ({source})" if bounds.unit else "{norm} ({source})", words)


FACT = Fact(params=("check",), result="text", answer=check_norm)
