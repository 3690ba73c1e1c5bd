"""Whether what was entered for a check of the plan is within its limit (domain 14.3)."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from crm.fact import Fact
from crm.quality.checks import BAD, GOOD, bounds_of, entered
from crm.quality.models import Check
from crm.quality.operations.measure import is_within


def is_check_good(
    check: Check, temperature: Decimal | None, count: int | None, mark: str | None
) -> bool:
    """Tell whether the one value that was entered is within the limit in force; none is not."""
    value = entered(temperature, count, mark)
    return value is not None and is_within(value, bounds_of(check, timezone.now()))


FACT = Fact(
    params=("check", "number °C?", "integer?", f"choice({GOOD}, {BAD})?"),
    result="bool",
    answer=is_check_good,
)
