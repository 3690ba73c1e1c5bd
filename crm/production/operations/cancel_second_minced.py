"""Take a second-minced lot back that was registered by mistake (domain 5.5)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.ledger.models import Event
from crm.ledger.operations.reverse import reverse
from crm.operation import Operation
from crm.people.models import Person
from crm.production.carried import refuse_carried
from crm.production.models import SecondMinced
from crm.production.operations.register_second_minced import KIND


@transaction.atomic
def cancel_second_minced(by: Person, *, at: datetime, lot: SecondMinced, reason: str) -> None:
    """Reverse the registration; the number stays taken for ever. Raises Refused when something of
    the lot is used, reserved or on a pallet."""
    refuse_carried(lot)
    event = Event.objects.filter(
        kind=KIND, postings__lot=lot.lot_id, reversed_by__isnull=True
    ).first()
    if event is not None:
        reverse(event, by=by, reason=reason, occurred_at=at)


OPERATION = Operation({"lot": "second_minced", "reason": "text"}, cancel_second_minced)
