"""The pallets that wait for a shocker (domain 4.32)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from crm.fact import Fact
from crm.production.models import Pallet


def pallets_to_freeze() -> Iterator[Pallet]:
    """Give the open pallets of any day, oldest first; a buffer pallet that still collects waits
    for nothing."""
    rows = Pallet.objects.filter(state=Pallet.State.OPEN)
    yield from rows.exclude(Q(kind="buffer", closed=False)).order_by("created_at", "pk")


FACT = Fact(params=(), result="list of pallet", answer=pallets_to_freeze)
