"""Whether the shift was handed over and taken (domain 14.9)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from crm.fact import Fact
from crm.work.models import Handover

LATELY = timedelta(hours=2)
TAKEN = (Handover.State.ACCEPTED, Handover.State.QUESTIONED)


def is_shift_taken() -> bool:
    """Tell whether somebody took a whole shift that was offered within the last two hours."""
    since = timezone.now() - LATELY
    return Handover.objects.filter(whole=True, state__in=TAKEN, created_at__gte=since).exists()


FACT = Fact(params=(), result="bool", answer=is_shift_taken)
