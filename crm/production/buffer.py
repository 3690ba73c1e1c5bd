"""The buffer pallet that collects remains now (domain 4.33)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from crm.production.models import Mix, Pallet
from crm.production.models.mix import DISCHARGED

LONGEST = timedelta(days=7)  # remains of older mixes are in no shop any more


def collecting() -> Pallet | None:
    """Return the open buffer pallet that takes boxes; None when there is none."""
    rows = Pallet.objects.filter(kind=Pallet.Kind.BUFFER, state=Pallet.State.OPEN, closed=False)
    return rows.first()


def sources() -> list[Mix]:
    """Return the pet-food mixes that left the mixer since the last filling, oldest first."""
    since = timezone.now() - LONGEST
    filled = Pallet.objects.filter(kind=Pallet.Kind.BUFFER).order_by("-created_at").first()
    if filled is not None:
        last = filled.items.filter(lot__kind="mix").order_by("-lot__mix__produced_at").first()
        if last is not None and last.lot.mix.produced_at is not None:
            since = max(since, last.lot.mix.produced_at)
    rows = Mix.objects.filter(
        order__product_line="mko", state__in=DISCHARGED, produced_at__gt=since
    )
    return list(rows.order_by("produced_at", "pk"))
