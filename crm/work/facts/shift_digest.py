"""The digest of the shift (domain 14.9)."""

from __future__ import annotations

from django.utils import timezone

from crm.fact import Fact
from crm.work.digest import of_plant


def shift_digest() -> str:
    """Say how the plant stands now."""
    return of_plant(timezone.now())


FACT = Fact(params=(), result="text", answer=shift_digest)
