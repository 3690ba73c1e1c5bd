"""Take back what a blank lost in the defroster (domain 11.4, «Вернуть на этап»)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Event
from crm.ledger.operations.reverse import reverse
from crm.operation import Operation
from crm.people.models import Person
from crm.production.models import Blank
from crm.production.operations.post_drip import KIND, SOURCE


@transaction.atomic
def reverse_drip(by: Person | None, *, at: datetime, blank: Blank, reason: str) -> None:
    """Reverse the drip of a blank and forget what it weighed after the defroster: it is weighed
    anew. One that lost nothing posted nothing."""
    posted = Event.objects.filter(source=SOURCE, key__startswith=f"{KIND}:{blank.pk}:")
    event = posted.filter(reversed_by__isnull=True).first()
    if event is not None:
        reverse(event, by=by, reason=reason, occurred_at=at)
    blank.weight_after_defrost = None
    blank.save(update_fields=["weight_after_defrost"])


OPERATION = Operation({"blank": "blank", "reason": "text"}, reverse_drip)
