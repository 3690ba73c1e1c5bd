"""The blocked mixes that вторфарш may be taken from (domain 4.35)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Mix

OUT = (Mix.State.IN_PLATE_FREEZER, Mix.State.ON_PALLETS, Mix.State.FINISHED)


def blocked_mixes() -> Iterator[Mix]:
    """Give the blocked mixes that have left the mixer, the newest first."""
    rows = Mix.objects.filter(quality=Mix.Quality.BLOCKED, state__in=OUT)
    yield from rows.order_by("-produced_at", "-pk")


FACT = Fact(params=(), result="list of mix", answer=blocked_mixes)
