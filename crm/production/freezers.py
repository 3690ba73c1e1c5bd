"""Which freezers take something now: a place is free when no load and no record holds it."""

from __future__ import annotations

from django.db.models import Count, Q

from crm.catalogue.models import Freezer
from crm.prepared import TEXT, Prepared
from crm.production.lines import stops
from crm.production.models.freezing import HOLDS_A_SLOT

WORKING = Prepared(
    lambda kind: (
        Freezer.objects.active()
        .filter(kind=kind)
        .annotate(held=Count("loads", filter=Q(loads__state__in=HOLDS_A_SLOT)))
    ),
    TEXT,
)


def with_free(kind: str) -> list[tuple[Freezer, int]]:
    """Return the working freezers of a kind that have a free place, with how many, by number."""
    stopped = {one.resource for one in stops()}
    found = [(one, one.capacity - vars(one)["held"]) for one in WORKING.rows(kind)]
    return [(one, free) for one, free in found if free > 0 and one.resource not in stopped]
