"""The mixes whose ash is not known yet (domain 4.24)."""

from __future__ import annotations

from collections.abc import Iterator

from crm.fact import Fact
from crm.production.models import Mix


def mixes_without_ash() -> Iterator[Mix]:
    """Give the pet-food mixes that have a result of the laboratory, or were accepted by hand, and
    no ash, the oldest first."""
    rows = Mix.objects.filter(ash_state=Mix.AshState.MISSING).exclude(state=Mix.State.CANCELLED)
    waiting = rows.exclude(quality=Mix.Quality.UNTESTED, order__isnull=False)
    yield from waiting.select_related("order__recipe").order_by("created_at", "pk")


FACT = Fact(params=(), result="list of mix", answer=mixes_without_ash)
