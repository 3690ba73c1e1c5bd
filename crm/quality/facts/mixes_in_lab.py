"""The mixes that the laboratory has (domain 4.22)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Cast

from crm.fact import Fact
from crm.ledger.models import StateHistory
from crm.production.models import Mix

IN_LAB = (Mix.State.IN_LAB, Mix.State.LAB_DECISION)


def mixes_in_lab() -> Iterator[Mix]:
    """Give the mixes that wait for their analysis or for the technologist, the one that was sampled
    first in front."""
    came = (
        StateHistory.objects.filter(
            record=Mix.RECORD,
            record_id=Cast(OuterRef("pk"), models.CharField()),
            to_state=Mix.State.IN_LAB,
        )
        .values("record_id")
        .annotate(last=Max("at"))
    )
    rows = Mix.objects.filter(state__in=IN_LAB).annotate(came=Subquery(came.values("last")))
    yield from rows.select_related("order__recipe").order_by("came", "pk")


FACT = Fact(params=(), result="list of mix", answer=mixes_in_lab)
