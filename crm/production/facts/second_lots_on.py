"""The second-minced lots that are left without a pallet when one is deleted (domain 11.4)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from crm.fact import Fact
from crm.production.models import Pallet, SecondMinced


def second_lots_on(pallet: Pallet) -> Iterator[SecondMinced]:
    """Give the lots that stand on a pallet, and those of МКО that are used up: their kilograms are
    the pallet's since it was accepted, and come back with it."""
    state = SecondMinced.State
    used_up = Q(state=state.DEPLETED) & ~Q(kind=SecondMinced.Kind.REWORK)
    rows = SecondMinced.objects.filter(lot__pallet_items__pallet=pallet)
    yield from rows.filter(Q(state=state.ON_PALLET) | used_up).order_by("pk")


FACT = Fact(params=("pallet",), result="list of second_minced", answer=second_lots_on)
