"""What the start page and the sidebar count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils import timezone

from crm.outbox.models import Notice
from crm.people.models import AccessRequest
from crm.production.models import IN_STOCK_STATES, RawBatch
from crm.quality.models import Deviation

DAY_BEGINS = time(7)  # a production day D runs from D 07:00 to D+1 07:00, plant time
LATEST = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for somebody in the office."""

    deviations: int
    undelivered: int
    access_requests: int


@dataclass(frozen=True, slots=True)
class Today:
    """The production day so far, and the latest batches."""

    day: datetime
    batches: int
    kg: Decimal
    refused: int
    open_deviations: list[Deviation]
    latest: list[RawBatch]


def waiting() -> Waiting:
    """Count what waits."""
    return Waiting(
        deviations=Deviation.objects.open().count(),
        undelivered=Notice.objects.undelivered().count(),
        access_requests=AccessRequest.objects.filter(decision="").count(),
    )


def production_day(now: datetime) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the production day of a moment, in plant time."""
    local = timezone.localtime(now)
    day = local.date() if local.time() >= DAY_BEGINS else local.date() - timedelta(days=1)
    begins = timezone.make_aware(datetime.combine(day, DAY_BEGINS))
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), DAY_BEGINS))
    return begins, ends


def today() -> Today:
    """Read the production day so far."""
    begins, ends = production_day(timezone.now())
    received = RawBatch.objects.filter(
        received_at__gte=begins, received_at__lt=ends, state__in=IN_STOCK_STATES
    ).aggregate(batches=Count("id"), kg=Sum("weight_received"))
    refused = RawBatch.objects.filter(
        created_at__gte=begins, created_at__lt=ends, state=RawBatch.State.REFUSED
    )
    return Today(
        day=begins,
        batches=received["batches"],
        kg=received["kg"] or Decimal(0),
        refused=refused.count(),
        open_deviations=list(Deviation.objects.open().select_related("asked_by")[:LATEST]),
        latest=list(
            RawBatch.objects.with_stock()
            .filter(number__isnull=False)
            .select_related("raw_material", "supplier")
            .order_by("-received_at")[:LATEST]
        ),
    )
