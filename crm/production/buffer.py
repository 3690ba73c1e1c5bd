"""The buffer pallet that collects remains now (domain 4.33)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from crm.production.models import Mix, Pallet
from crm.production.models.mix import DISCHARGED

LONGEST = timedelta(days=7)  # remains of older mixes are in no shop any more


def collecting() -> Pallet | None:
    """Return the open buffer pallet that takes boxes; None when there is none."""
    rows = Pallet.objects.filter(kind=Pallet.Kind.BUFFER, state=Pallet.State.OPEN, closed=False)
    return rows.first()


def sources(rest: bool) -> list[Mix]:
    """Return the pet-food mixes that left the mixer since the last filling, oldest first; for the
    `rest` of boxes that did not fit on a pallet those that are on it too, as the boxes are theirs.
    """
    since = timezone.now() - LONGEST
    buffers = Pallet.objects.filter(kind=Pallet.Kind.BUFFER).order_by("-created_at")
    filled = buffers.first()
    if filled is not None:
        last = filled.items.filter(lot__kind="mix").order_by("-lot__mix__produced_at").first()
        if last is not None and last.lot.mix.produced_at is not None:
            since = max(since, last.lot.mix.produced_at)
    wanted = Q(produced_at__gt=since)
    full = buffers.exclude(state=Pallet.State.OPEN, closed=False).first() if rest else None
    if full is not None:
        wanted |= Q(lot__pallet_items__pallet=full)
    rows = Mix.objects.filter(wanted, order__product_line="mko", state__in=DISCHARGED)
    return list(rows.distinct().order_by("produced_at", "pk"))
