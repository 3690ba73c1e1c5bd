"""The weekly index of вторфарш (domain 14.4.3)."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from crm.fact import Fact
from crm.production import rework_index as weekly


def rework_index() -> Decimal:
    """Return the index R of the last seven days."""
    return weekly.rework_index(timezone.now())


FACT = Fact(params=(), result="number", answer=rework_index)
