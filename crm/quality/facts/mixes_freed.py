"""Which mixes a released hold of their analysis frees (domain 5.4)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from crm.fact import Fact
from crm.production.models import Mix
from crm.quality.models import Hold, HoldKind
from crm.quality.together import placed_with

FAILED = {
    HoldKind.FHP: Q(quality=Mix.Quality.BLOCKED),
    HoldKind.ASH: Q(ash_state=Mix.AshState.OUT_OF_NORM),
}


def mixes_freed(hold: Hold) -> Iterable[Mix]:
    """Give the mixes that failed an analysis and that its hold, or one placed and released together
    with it, held by themselves or by a pallet of theirs; none that such a hold holds yet."""
    failed = FAILED.get(HoldKind(hold.kind))
    if failed is None or hold.released_at is None:
        return ()
    over = placed_with(hold).filter(released_at=hold.released_at).values("lot")
    open_ones = Hold.objects.filter(kind=hold.kind, released_at__isnull=True).values("lot")
    of = Q(lot__in=over) | Q(lot__pallet_items__pallet__lot__in=over)
    rows = Mix.objects.filter(of, failed).exclude(lot__in=open_ones)
    return rows.distinct().order_by("pk")


FACT = Fact(params=("hold",), result="list of mix", answer=mixes_freed)
