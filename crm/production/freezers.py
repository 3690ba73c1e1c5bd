"""Which freezers take something now: a place is free when no load and no record holds it."""

from __future__ import annotations

from django.db.models import Count, Q

from crm.catalogue.models import Freezer
from crm.production.models import Stop
from crm.production.models.freezing import HOLDS_A_SLOT


def with_free(kind: str) -> list[tuple[Freezer, int]]:
    """Return the working freezers of a kind that have a free place, with how many, by number."""
    held = Count("loads", filter=Q(loads__state__in=HOLDS_A_SLOT))
    rows = Freezer.objects.active().filter(kind=kind).annotate(held=held)
    stopped = set(Stop.objects.standing().values_list("resource", flat=True))
    found = [(one, one.capacity - vars(one)["held"]) for one in rows]
    return [(one, free) for one, free in found if free > 0 and one.resource not in stopped]
