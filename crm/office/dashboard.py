"""What the start page and the sidebar count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from crm.bridge.program import program
from crm.outbox.models import Notice
from crm.people.models import AccessRequest
from crm.production.models import IN_STOCK_STATES, RawBatch
from crm.quality.models import Deviation
from engine.model.zone import production_day as day_of

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
    """Count what waits, in one query: every page asks."""
    return Waiting(
        **counted(
            deviations=Deviation.objects.open(),
            undelivered=Notice.objects.undelivered(),
            access_requests=AccessRequest.objects.filter(state="open"),
        )
    )


def counted(**rows: QuerySet[Any]) -> dict[str, int]:
    """Count several things in one query."""
    found = [one.order_by().values("pk").query.sql_with_params() for one in rows.values()]
    # The queries are compiled by Django, their values stay bound.
    one = "(SELECT COUNT(*) FROM ({query}) found)"
    counts = ", ".join(one.format(query=query) for query, _given in found)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [one for _query, given in found for one in given])
        return dict(zip(rows, cursor.fetchone(), strict=True))


def production_day(now: datetime) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the production day of a moment, in plant time."""
    zone = program().zone
    day = day_of(now.astimezone(zone), zone.day_begins)
    begins = datetime.combine(day, zone.day_begins, zone)
    return begins, datetime.combine(day + timedelta(days=1), zone.day_begins, zone)


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
