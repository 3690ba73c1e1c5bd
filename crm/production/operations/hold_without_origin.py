"""Hold a mix that was accepted by hand and belongs to no order (domain 4.37)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.operation import Operation
from crm.own_words import NO_ORDER
from crm.people.models import Person
from crm.production.models import Mix
from crm.quality.models import HoldKind
from crm.quality.operations.place_hold import place_hold


@transaction.atomic
def hold_without_origin(
    by: Person | None, *, at: datetime, mix: Mix, reason: str | None = None
) -> None:
    """Place hold `no_origin` until somebody links the mix to an order or releases it."""
    why = reason or NO_ORDER
    place_hold(by, lot=mix.lot, kind=HoldKind.NO_ORIGIN, reason=why, at=at)


OPERATION = Operation({"mix": "mix", "reason": "text?"}, hold_without_origin)
