"""Whether вторфарш breeds itself: the weekly index R (domain 14.4.3). Start at `rework_index`."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from crm.production.byproducts import mixes_of
from crm.production.models import Mix, MixUse, SecondMinced
from crm.production.models.mix import DISCHARGED

WEEK = timedelta(days=7)
GONE = (SecondMinced.State.NEW, SecondMinced.State.CANCELLED)


def rework_index(until: datetime) -> Decimal:
    """Return how many mixes one lot of вторфарш fed within the week before a moment, times the
    share of that week's mixes that gave вторфарш, rounded to 0.01; nothing was fed: 0.

    At 1 and above each lot leads to as much вторфарш as it used up: one raw batch then reaches
    ever more of the production."""
    within = (until - WEEK, until)
    # One that was taken back into the mixer keeps the moment, and has not left it.
    out = Mix.objects.filter(produced_at__range=within, state__in=DISCHARGED)
    mixes = set(out.values_list("pk", flat=True))
    fed = set(
        MixUse.objects.filter(
            undone_by=None, mix__in=mixes, lot__second_minced__kind=SecondMinced.Kind.REWORK
        ).values_list("lot", "mix")
    )
    if not fed:
        return Decimal(0)
    giving: set[int] = set()
    taken = SecondMinced.objects.filter(
        kind=SecondMinced.Kind.REWORK, registered_at__range=within
    ).exclude(state__in=GONE)
    for second in taken.select_related("source_order"):
        giving |= mixes_of(second) & mixes
    lots = len({lot for lot, _ in fed})
    return round(Decimal(len(fed)) / lots * len(giving) / len(mixes), 2)
