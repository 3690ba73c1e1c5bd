"""Give a pallet another number (domain 8.4, 11.4)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from crm.audit.operations.overwrite import Why, overwrite
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Pallet
from crm.production.models.pallet import IN_WORK
from crm.production.numbers import refuse_lost, refuse_number
from engine.errors import Refusal, Refused

LEAST, MOST = 1, 9999


@transaction.atomic
def renumber_pallet(
    by: Person | None, *, at: datetime, pallet: Pallet, to_number: int, reason: str
) -> None:
    """Write another number. Raises Refused for one that a pallet of the same day has, or one in
    work of any day, also when it got it at the same moment."""
    if not LEAST <= to_number <= MOST:
        raise Refused(Refusal("Номер паллета — от 1 до 9999"))
    _refuse_taken(pallet, to_number)
    try:
        with transaction.atomic():
            overwrite(pallet, {"number": to_number}, Why(by, at, reason))
    except IntegrityError:
        _refuse_taken(pallet, to_number)
        refuse_lost(to_number)


def _refuse_taken(pallet: Pallet, number: int) -> None:
    same_day = Q(production_day=pallet.production_day)
    rows = Pallet.objects.filter(Q(state__in=IN_WORK) | same_day, number=number)
    for other in rows.exclude(state=Pallet.State.CANCELLED).order_by("pk"):
        refuse_number(other)


OPERATION = Operation(
    {"pallet": "pallet", "to_number": "integer", "reason": "text"}, renumber_pallet
)
