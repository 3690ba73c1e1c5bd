"""Whether a mock recall is due (domain 14.2)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Max, Min
from django.utils import timezone

from crm.fact import Fact
from crm.ledger.models import Event
from crm.quality.models import RecallDrill

EVERY = timedelta(days=182)
AGAIN_DAYS = 7  # a due drill is asked for once a week


def is_drill_due() -> bool:
    """Tell whether the last signed drill, or the first event of the plant, is half a year old
    today, or so much and some whole weeks."""
    signed = RecallDrill.objects.filter(state=RecallDrill.State.CLOSED)
    last = signed.aggregate(at=Max("signed_at"))["at"]
    since = last or Event.objects.aggregate(at=Min("occurred_at"))["at"]
    if since is None:
        return False
    late = timezone.localdate() - timezone.localdate(since + EVERY)
    return late.days >= 0 and late.days % AGAIN_DAYS == 0


FACT = Fact(params=(), result="bool", answer=is_drill_due)
